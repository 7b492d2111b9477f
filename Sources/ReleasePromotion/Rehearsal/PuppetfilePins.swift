public import DesiredState
import Puppetfile

/// The pins of a tree, as its Puppetfile says them.
public enum PuppetfilePins {
    /// How the pins of a repository's trees are read: by the module's installed name what is taken of it. A file with
    /// mistakes gives what could be read of it; the checks say what is wrong.
    public static func reading(_ spec: ControlRepositorySpec) -> PinReading {
        let path = spec.checks.puppetfile
        return { file in
            guard let bytes = try file(path) else { return nil }
            let modules = PuppetfileReader(movingPins: .accept).read(bytes, file: path).puppetfile.modules
            return Dictionary(modules.map { ($0.name, $0.pin.description) }) { _, last in last }
        }
    }
}
