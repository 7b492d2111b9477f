"""Runs one program and says what it cost, as JSON: `python3 -IS measured.py OUTPUT PROGRAM ARGUMENT…`

It is a program of its own and imports little, because the kernel counts the memory of whoever starts a program as that
program's: a large parent would hide a small child.
"""

import os
import sys
import time

output = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
null = os.open(os.devnull, os.O_RDONLY)
start = time.perf_counter()
child = os.fork()
if child == 0:
    try:
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.execvp(sys.argv[2], sys.argv[2:])
    finally:
        os._exit(127)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
print(
    f'{{"wall": {wall}, "cpu": {usage.ru_utime + usage.ru_stime}, "peak": {usage.ru_maxrss}, '
    f'"status": {os.waitstatus_to_exitcode(status)}}}')
