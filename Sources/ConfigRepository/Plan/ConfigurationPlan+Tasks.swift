import DesiredState
import Forges
import GitClient
public import StateStore

extension ConfigurationPlan.Action {
    /// What is recorded of it.
    public var task: PlannedTask {
        switch self {
        case .apply(let revision, let delta, _):
            PlannedTask(
                "configuration.apply", target: revision.id,
                details: [
                    "summary": .string(delta.summary), "changes": .array(delta.lines.prefix(200).map { .string($0) }),
                ])
        case .reportResult(let result):
            PlannedTask(
                "configuration.report-result", target: result.revision, details: ["summary": .string(result.summary)])
        case .judge(let verdict, let delta):
            PlannedTask(
                "configuration.judge", target: verdict.candidate.rawValue,
                details: [
                    "verdict": .string(verdict.verdict.label), "summary": .string(verdict.summary),
                    "revision": .string(verdict.revision.hex),
                    "changes": .array((delta?.lines ?? []).prefix(200).map { .string($0) }),
                ])
        }
    }
}
