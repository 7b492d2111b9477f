import Glibc

/// `changelog-fuzz TARGET [libFuzzer's options and folders of inputs]`
///
/// libFuzzer brings the main program and calls the two functions below. A trap, an input over the time limit and memory
/// over the limit end the process; libFuzzer then writes the input to a file.
enum ChangelogFuzz {
    static let target = FuzzTarget.named(CommandLine.arguments.dropFirst().first ?? "")
}

/// Takes the target's name from the command line; what is left is libFuzzer's.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    guard ChangelogFuzz.target != nil else {
        print("usage: changelog-fuzz TARGET …\ntargets: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(2)
    }
    words.pointee[1] = words.pointee[0]
    words.pointee += 1
    count.pointee -= 1
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    ChangelogFuzz.target?.run(Array(UnsafeBufferPointer(start: bytes, count: size)))
    return 0
}
