import DesiredState

/// A small Puppet control repository: what the third act begins with. Paths to contents.
enum SampleControlRepository {
    /// The project in `manifests/control-repository.yaml`.
    static let project = "puppet/control"
    /// The ControlRepository's name there.
    static let name = "puppet"
    static let stages = ["uat", "production"]
    static let batches = [["zone01", "zone02"], ["zone03", "zone04"]]

    /// The commit that `profile_edge` is pinned to, as one digit forty times.
    static func pin(_ digit: Character) -> String { String(repeating: digit, count: 40) }

    /// The files, with a pin.
    static func files(pin digit: Character) -> [String: String] {
        [
            "Puppetfile": """
            forge 'https://forgeapi.puppet.com'

            mod 'puppetlabs-stdlib', '9.4.0'

            mod 'profile_edge',
              :git    => 'https://git.example.org/puppet/profile_edge',
              :commit => '\(pin(digit))'

            """,
            "data/common.yaml": "---\nntp::servers:\n  - 192.0.2.1\n",
        ]
    }

    /// The desired state of the act: file names to contents, those of `manifests/`.
    static func manifests(repositories: String) -> [String: String] {
        SampleRegistry.manifests(repositories: repositories).filter { $0.key == "forge.yaml" }
            .merging([
                "control-repository.yaml": String(decoding: PackageResources.control_repository_yaml, as: UTF8.self)
            ]) { first, _ in first }
    }
}
