import Puppetfile

extension FuzzTarget {
    /// Puppetfiles.
    static let puppetfiles: [FuzzTarget] = [
        FuzzTarget(name: "puppetfile") { bytes in
            let reading = PuppetfileReader(movingPins: .warn).read(bytes, file: "Puppetfile")
            promise(reading.findings.count <= PuppetfileLimits().findings, "findings end in a bounded list")
            let changes = PuppetfileComparison(from: reading.puppetfile, to: reading.puppetfile).changes
            promise(changes.isEmpty, "nothing differs from itself")
            guard reading.isAccepted else { return }
            let refusing = PuppetfileReader(movingPins: .refuse).read(bytes, file: "Puppetfile")
            let isStatic = !reading.puppetfile.modules.contains(where: \.pin.isMoving)
            promise(refusing.isAccepted == isStatic, "a file is refused for moving pins when it has some")
            let names = reading.puppetfile.modules.map(\.name)
            promise(Set(names).count == names.count, "no name stands twice in what is accepted")
        }
    ]
}
