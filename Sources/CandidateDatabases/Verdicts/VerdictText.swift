import Diagnostics
public import Forges
public import GitClient

/// The words of a verdict: one line for lists, a body for the comment. The same facts always give the same text, so that
/// a verdict that is already there is recognised and not posted again.
public struct VerdictText: Hashable, Sendable {
    /// What is to be said.
    public enum Subject: Hashable, Sendable {
        /// The database is being built, or will be when what it waits for has come.
        case pending(CandidatePlan.Wait?)
        /// The changelog deployed; nil for what is not counted in changesets.
        case deployed(changeSets: Int?, database: String, findings: GateFindings? = nil)
        /// The watched files are the base's: there was nothing to deploy.
        case nothingToDeploy(database: String)
        /// The changelog did not deploy.
        case failed(DeployFailure, database: String?)
    }

    private static let keyLabel = "Content-Key: "

    /// The vote.
    public let verdict: Verdict
    /// The first line.
    public let summary: String
    /// The whole text after the first line, plain text.
    public let body: String

    /// Words for a revision that stands on a base; `carriedFrom` names the revision that was deployed when the content
    /// is the same, and `schema` what the deploy changed.
    public init(
        _ subject: Subject, revision: ObjectID, base: ObjectID, key: ContentKey, carriedFrom: ObjectID? = nil,
        schema: SchemaNote? = nil
    ) {
        var lines: [String] = []
        switch subject {
        case .pending(let wait):
            verdict = .unknown
            switch wait {
            case nil, .baseTemplate?: summary = "the candidate's database is being built"
            case .capacity?: summary = "the candidate waits for a place on the database server"
            case .brokenBase(let failure)?:
                summary = "the candidate cannot be judged until its base deploys"
                lines += Self.lines(of: failure)
            }
        case .deployed(let changeSets, let database, let findings):
            verdict = .success
            let count = changeSets.map { "\($0) \($0 == 1 ? "changeset" : "changesets")" } ?? "the migrations"
            summary = "\(count) of the candidate deployed"
            lines.append("Its tables can be read in database \(database).")
            if let findings { lines += [""] + findings.lines }
            if let schema {
                // The names in it are strangers': indented, none of these lines can pass for one of ours.
                lines += ["", "Schema: \(schema.summary)"] + schema.lines.map { "    " + $0 }
            }
        case .nothingToDeploy(let database):
            verdict = .success
            summary = "the candidate does not change the data model"
            lines.append("Database \(database) shows the tables of its base.")
        case .failed(let failure, let database):
            verdict = .failed
            let isRefused = failure.code == LintRefusal.code.rawValue
            summary = isRefused ? "the changelog breaks rules that fail" : "the changelog does not deploy"
            lines += Self.lines(of: failure)
            if let database {
                lines += ["", "Database \(database) still shows the last revision that deployed."]
            }
        }
        lines += ["", "Revision: \(revision)", "Base: \(base)", Self.keyLabel + key.rawValue]
        if let carriedFrom, carriedFrom != revision {
            lines.append("Carried-From: \(carriedFrom), whose content is the same")
        }
        body = lines.joined(separator: "\n")
    }

    /// Words for a revision of which no database can be made.
    public init(refusing revision: ObjectID, because failure: DeployFailure) {
        verdict = .failed
        summary = "no database can be made of the candidate"
        body = (Self.lines(of: failure) + ["", "Revision: \(revision)"]).joined(separator: "\n")
    }

    /// The failure's text and code. What strangers wrote is indented from its second line on, so that none of its lines
    /// can pass for one of ours.
    private static func lines(of failure: DeployFailure) -> [String] {
        let parts = failure.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let text = parts.enumerated().map { $0.offset == 0 ? String($0.element) : "    \($0.element)" }
        return text + ["", "Error: \(failure.code)"]
    }

    /// The content key that a posted text names; nil when it names none. Ours is the last: nothing that strangers wrote
    /// stands behind it.
    public static func key(in body: String) -> ContentKey? {
        let line = body.words(at: "\n").last { $0.utf8.starts(with: keyLabel.utf8) }
        return line.flatMap {
            ContentKey(rawValue: String(decoding: $0.utf8.dropFirst(keyLabel.utf8.count), as: UTF8.self))
        }
    }
}
