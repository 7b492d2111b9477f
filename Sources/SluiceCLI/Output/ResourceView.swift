import DesiredState
import Foundation
import Terminal

/// Objects of the API as rows.
enum ResourceView {
    /// `candidate/land/1042`.
    static func name(_ resource: JSONValue) -> String? {
        guard let kind = resource["kind"]?.string, let name = resource["metadata"]?["name"]?.string else { return nil }
        return "\(KindName.word(kind))/\(name)"
    }

    /// The same for a table: commits in it are shortened.
    static func shortName(_ kind: JSONValue?, _ name: JSONValue?) -> String? {
        guard let kind = kind?.string, let name = name?.string else { return nil }
        return "\(KindName.word(kind))/\(shortened(name))"
    }

    /// A name with its commits shortened to twelve digits.
    private static func shortened(_ name: String) -> String { name.replacing(/[0-9a-f]{40}/) { $0.output.prefix(12) } }

    /// A table of objects; of one kind with that kind's own columns.
    static func table(of resources: [JSONValue], isWide: Bool) -> Table {
        let kinds = Set(resources.compactMap { $0["kind"]?.string })
        switch kinds.count == 1 ? kinds.first : nil {
        case "Candidate": return candidates(resources, isWide: isWide)
        case "Registry": return registries(resources, isWide: isWide)
        case "BaseTemplate": return baseTemplates(resources)
        case "Upstream": return UpstreamView.list(resources, isWide: isWide)
        case "Configuration": return configurations(resources, isWide: isWide)
        default: return anything(resources, isWide: isWide)
        }
    }

    /// `True`, `False`, `Unknown`; nil when the condition was never set.
    static func condition(_ type: String, of resource: JSONValue) -> JSONValue? {
        resource["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    /// How an object stands, in a word.
    static func standing(_ resource: JSONValue) -> String? {
        if resource["metadata"]?["deletionRequestedAt"]?.string != nil { return "Going" }
        if resource["metadata"]?["suspended"]?.bool == true { return "Suspended" }
        for type in ["Ready", "Stalled", "Reconciling"] {
            if condition(type, of: resource)?["status"]?.string == "True" { return type }
        }
        return condition("Ready", of: resource) == nil ? nil : "NotReady"
    }

    private static func candidates(_ resources: [JSONValue], isWide: Bool) -> Table {
        var columns = ["NAME", "STATE", "VERIFIED", "REVISION", "BASE", "DATABASE", "AGE", "WAITING ON"]
        if isWide { columns += ["SHOWS", "CHANGESETS", "SCHEMA", "TITLE"] }
        var table = Table(columns)
        for resource in resources {
            let status = resource["status"]
            table.add([
                name(of: resource, isWide: isWide), status?["state"]?.string, verified(status?["verdict"]?.integer),
                abbreviated(status?["revision"]), abbreviated(status?["base"]),
                status?["database"]?.string.map { fitting($0, isWide: isWide) },
                age(resource), waiting(resource), abbreviated(status?["shows"]),
                status?["changeSets"]?.integer.map(String.init),
                status?["schemaChanges"]?["summary"]?.string, resource["metadata"]?["title"]?.string,
            ])
        }
        return table
    }

    private static func registries(_ resources: [JSONValue], isWide: Bool) -> Table {
        var table = Table(["NAME", "STATE", "PROJECT", "CANDIDATES", "TEMPLATES", "DATABASES", "AGE", "WAITING ON"])
        for resource in resources {
            let status = resource["status"]
            table.add([
                name(of: resource, isWide: isWide), standing(resource), resource["spec"]?["project"]?.string,
                status?["openCandidates"]?.integer.map(String.init), status?["baseTemplates"]?.integer.map(String.init),
                status?["databases"]?.integer.map(String.init), age(resource), waiting(resource),
            ])
        }
        return table
    }

    private static func baseTemplates(_ resources: [JSONValue]) -> Table {
        var table = Table(["NAME", "STATE", "DATABASE", "AGE", "WAITING ON"])
        for resource in resources {
            table.add([
                name(of: resource, isWide: true).map(shortened), standing(resource),
                resource["status"]?["database"]?.string,
                age(resource), waiting(resource),
            ])
        }
        return table
    }

    private static func configurations(_ resources: [JSONValue], isWide: Bool) -> Table {
        var table = Table(["NAME", "STATE", "REVISION", "AUTHOR", "SUBJECT", "AGE", "WAITING ON"])
        for resource in resources {
            let revision = resource["spec"]?["revision"]
            table.add([
                name(of: resource, isWide: isWide), standing(resource),
                ConfigurationView.revision(revision?["id"], isWide: isWide), revision?["author"]?.string,
                revision?["subject"]?.string.map { fitting($0, isWide: isWide) }, age(resource), waiting(resource),
            ])
        }
        return table
    }

    private static func anything(_ resources: [JSONValue], isWide: Bool) -> Table {
        var table = Table(["NAME", "STATE", "AGE", "WAITING ON"])
        for resource in resources {
            let name = shortName(resource["kind"], resource["metadata"]?["name"])
                .map { fitting($0, isWide: isWide) }
            table.add([name, standing(resource), age(resource), waiting(resource)])
        }
        return table
    }

    private static func name(of resource: JSONValue, isWide: Bool) -> String? {
        resource["metadata"]?["name"]?.string.map { fitting($0, isWide: isWide) }
    }

    /// A name, short enough for a table unless that may be wide. Strangers choose names.
    static func fitting(_ name: String, isWide: Bool) -> String { isWide ? name : name.cut(to: 48) }

    private static func age(_ resource: JSONValue) -> String? {
        Age.since(resource["metadata"]?["createdAt"], now: CommandContext.current.now())
    }

    /// What the object waits for, short enough for a table.
    private static func waiting(_ resource: JSONValue) -> String? {
        guard let what = resource["status"]?["waitingOn"]?["what"]?.string else { return nil }
        return what.cut(to: 60)
    }

    /// A commit's first digits.
    static func abbreviated(_ commit: JSONValue?) -> String? { commit?.string.map { String($0.prefix(8)) } }

    /// A verdict as Gerrit writes it.
    static func verified(_ verdict: Int?) -> String? { verdict.map { $0 > 0 ? "+\($0)" : "\($0)" } }
}
