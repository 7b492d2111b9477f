extension Child {
    /// Limits that the kernel enforces on each process of the child. They are set by `prlimit` of util-linux.
    public struct Resources: Hashable, Sendable {
        /// The most bytes of one file it writes; more ends it by `SIGXFSZ`.
        public var fileSize: Int
        /// The most bytes of memory it maps.
        public var addressSpace: Int
        /// The most processes and threads that its account may have; nil for no limit of ours.
        public var processes: Int?
        /// The most seconds of processor time it uses; nil for no limit of ours.
        public var processorTime: Int?
        /// The most files it has open at a time; nil for no limit of ours.
        public var openFiles: Int?

        /// Makes limits, in bytes, seconds and numbers.
        public init(
            fileSize: Int, addressSpace: Int, processes: Int? = nil, processorTime: Int? = nil, openFiles: Int? = nil
        ) {
            self.fileSize = fileSize
            self.addressSpace = addressSpace
            self.processes = processes
            self.processorTime = processorTime
            self.openFiles = openFiles
        }

        /// The limits as options of `prlimit`, which then becomes the program behind them.
        public var options: [String] {
            let others = [("nproc", processes), ("cpu", processorTime), ("nofile", openFiles)]
            return ["--fsize=\(fileSize)", "--as=\(addressSpace)", "--core=0"]
                + others.compactMap { name, limit in limit.map { "--\(name)=\($0)" } }
        }
    }
}
