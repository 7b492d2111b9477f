public import DesiredState
import NIOConcurrencyHelpers
import Puppetfile

/// The pins of a tree, as its Puppetfile says them.
public enum PuppetfilePins {
    /// How the pins of a repository's trees are read: by the module's installed name what is taken of it. A file with
    /// mistakes gives what could be read of it; the checks say what is wrong.
    ///
    /// Branches have the same few files between them. What a reading has read once it does not read again.
    public static func reading(_ spec: ControlRepositorySpec) -> PinReading {
        let path = spec.checks.puppetfile
        let known = NIOLockedValueBox(Memory<[UInt8], [String: String]>(limit: 16))
        return { file in
            guard let bytes = try file(path) else { return nil }
            if let pins = known.withLockedValue({ $0[bytes] }) { return pins }
            let modules = PuppetfileReader(movingPins: .accept).read(bytes, file: path).puppetfile.modules
            let pins = Dictionary(modules.map { ($0.name, $0.pin.description) }) { _, last in last }
            known.withLockedValue { $0.keep(pins, for: bytes) }
            return pins
        }
    }
}
