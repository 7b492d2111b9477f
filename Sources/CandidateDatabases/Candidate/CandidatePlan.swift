import Forges

/// Decides what an open candidate needs next. Reads nothing and does nothing: give it what was observed, it returns what
/// to do.
///
/// The rules are tried in order and the first that applies decides. Each has its sentence; `sluice explain` shows it.
public enum CandidatePlan: Hashable, Sendable {
    /// The steps, in order. Never empty.
    case steps([CandidateStep], because: Reason)
    /// Nothing to do: database and verdict say the same and say it of this revision.
    case settled
    /// No database can be made until something else happens. What still has to be done by then are the steps: a verdict
    /// that nothing on the server bears out, such as one that the forge has copied, is taken back.
    case waiting(Wait, after: [CandidateStep])

    /// Why the steps are needed.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case buildFinished = "the build finished before the controller stopped: it only has to be published"
        case buildFailed = "the build failed before the controller stopped: it only has to be reported"
        case sameContent = "the content is what the database already shows: the verdict is carried to this revision"
        case sameFailure = "the content is what failed before: the verdict is carried to this revision"
        case newContent = "the content differs from what the database shows, or there is no database yet"
        case leftovers = "a database of an earlier run was left behind"
    }

    /// What an open candidate can wait for.
    public enum Wait: Hashable, Sendable {
        /// The base template is being made.
        case baseTemplate
        /// Master does not deploy; nobody's candidate is to blame.
        case brokenBase(DeployFailure)
        /// The server, or the registry, holds as many databases as it may.
        case capacity
    }

    /// Decides.
    public static func decide(_ seen: CandidateObservation) -> CandidatePlan {
        let leftovers = discardable(seen)
        if let plan = finishBuild(seen, leftovers) ?? carryVerdict(seen, leftovers) { return plan }
        if isSettled(seen) {
            return leftovers.isEmpty ? .settled : .steps(leftovers, because: .leftovers)
        }
        if let wait = wait(seen) { return .waiting(wait, after: withdrawal(seen)) }
        return .steps(build(seen, leftovers), because: .newContent)
    }

    private static func wait(_ seen: CandidateObservation) -> Wait? {
        switch seen.baseTemplate {
        case .broken(let failure): return .brokenBase(failure)
        case .missing: return .baseTemplate
        case .ready: break
        }
        if seen.published == nil, let free = seen.freePlaces, free <= 0 { return .capacity }
        return nil
    }

    private static func withdrawal(_ seen: CandidateObservation) -> [CandidateStep] {
        seen.verdict?.verdict == .unknown ? [] : [CandidateStep(.reportPending)]
    }

    /// A build whose deploy had ended when the last run was cut off is used, not repeated: a changelog is applied once.
    private static func finishBuild(_ seen: CandidateObservation, _ leftovers: [CandidateStep]) -> CandidatePlan? {
        guard let build = seen.build, let provenance = build.provenance, provenance.key == seen.key else { return nil }
        switch provenance.state {
        case .building: return nil
        case .deployed:
            var steps = leftovers + restampIfNeeded(build, seen)
            steps += [CandidateStep(.publish(build: build.name, as: seen.publishedName)), CandidateStep(.report)]
            if seen.published != nil { steps.append(CandidateStep(.discard(database: seen.retiredName))) }
            return .steps(steps, because: .buildFinished)
        case .failed where seen.isRequested: return nil
        case .failed:
            return .steps(leftovers + [CandidateStep(.report), aside(build, seen)], because: .buildFailed)
        }
    }

    /// The content was judged before, under this or an earlier revision: only the vote may be missing.
    private static func carryVerdict(_ seen: CandidateObservation, _ leftovers: [CandidateStep]) -> CandidatePlan? {
        if let published = seen.published, isWhole(published, seen) {
            let stamp = restampIfNeeded(published, seen)
            guard !stamp.isEmpty || seen.verdict != .init(verdict: .success, key: seen.key) else { return nil }
            return .steps(leftovers + stamp + [CandidateStep(.report)], because: .sameContent)
        }
        if let last = seen.lastFailure, last.key == seen.key, last.failure.isAboutContent, !seen.isRequested,
            seen.verdict != .init(verdict: .failed, key: seen.key)
        {
            return .steps(leftovers + [CandidateStep(.report)], because: .sameFailure)
        }
        return nil
    }

    /// Settled is a good database with +1, or -1 for exactly this content; the last good database may stand beside a -1.
    private static func isSettled(_ seen: CandidateObservation) -> Bool {
        if seen.verdict == .init(verdict: .failed, key: seen.key) { return !seen.isRequested }
        guard let published = seen.published else { return false }
        return isWhole(published, seen) && seen.verdict == .init(verdict: .success, key: seen.key)
    }

    private static func isWhole(_ database: GateDatabase, _ seen: CandidateObservation) -> Bool {
        database.provenance?.key == seen.key && database.provenance?.state == .deployed
    }

    private static func build(_ seen: CandidateObservation, _ leftovers: [CandidateStep]) -> [CandidateStep] {
        let name = seen.buildName
        var steps = withdrawal(seen) + leftovers
        steps += [CandidateStep(.clone(into: name)), CandidateStep(.deploy(in: name))]
        steps += [CandidateStep(.publish(build: name, as: seen.publishedName), .ifDeployed), CandidateStep(.report)]
        if seen.published != nil { steps.append(CandidateStep(.discard(database: seen.retiredName), .ifDeployed)) }
        return steps + [
            CandidateStep(seen.keepsFailedBuilds ? .keep(build: name) : .discard(database: name), .ifFailed)
        ]
    }

    /// Builds that were cut off or are outdated, and retired databases.
    private static func discardable(_ seen: CandidateObservation) -> [CandidateStep] {
        var names: [String] = []
        if let retired = seen.retired { names.append(retired.name) }
        if let build = seen.build {
            let isUseful =
                build.provenance.map {
                    $0.key == seen.key && $0.state != .building && !(seen.isRequested && $0.state != .deployed)
                } ?? false
            if !isUseful { names.append(build.name) }
        }
        return names.map { CandidateStep(.discard(database: $0)) }
    }

    private static func restampIfNeeded(
        _ database: GateDatabase, _ seen: CandidateObservation
    ) -> [CandidateStep] {
        guard let provenance = database.provenance, provenance.revision != seen.revision else { return [] }
        return [CandidateStep(.restamp(database: database.name))]
    }

    private static func aside(_ build: GateDatabase, _ seen: CandidateObservation) -> CandidateStep {
        CandidateStep(seen.keepsFailedBuilds ? .keep(build: build.name) : .discard(database: build.name))
    }
}
