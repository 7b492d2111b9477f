import DesiredState
import Diagnostics
import GitClient
import PatchSeries

/// As much of what upstream has as one merge request takes: the oldest part of it. The rest comes with later ones, so that
/// nothing is too far behind to go on.
struct SeriesPart {
    let series: Series
    /// How many commits upstream has beyond the part.
    let remaining: Int

    /// How many patches there are at most, where the desired state says nothing of it.
    static let most = 1000

    private typealias Made = (series: Series, wanted: Int)

    /// - Throws: As `SeriesMaker`, when already the least part is too much.
    init(for scan: UpstreamScan, in speculation: Speculation) throws {
        let maker = SeriesMaker(in: speculation, limits: scan.limits)
        let places = try Self.places(of: scan, in: speculation)
        let limit = max(scan.tracking.spec.maximumPatches ?? Self.most, 1)
        func make(through place: ObjectID) throws -> Made {
            let policy = SeriesPolicy(scan.tracking.spec.series)
            let series = try maker.series(from: scan.cursor, through: place, policy: policy)
            let apart = try Self.apart(series, knowing: scan.known, maker)
            return (apart, scan.wanted(of: apart).count)
        }
        func made(_ count: Int) throws -> Made? {
            do {
                return try make(through: places[count - 1])
            } catch let error as SluiceError where Self.tooMuch.contains(error.code) && count > 1 { return nil }
        }

        // One more than there is room for shows whether there are more. What is ignored makes room for more.
        var count = min(limit + 1, places.count)
        var excess = Int.max
        var found: Made?
        while found == nil {
            guard let made = try made(count) else {
                (excess, count) = (count, count / 2)
                continue
            }
            let isWhole = count == places.count
            if made.wanted > limit, made.series.form == .firstParent,
                let last = scan.wanted(of: made.series).prefix(limit).last?.commit
            {
                found = try make(through: last)
            } else if made.wanted > limit, made.series.form == .commits, count > 1 {
                (excess, count) = (count, count / 2)
            } else if isWhole || count >= excess / 2 || made.wanted == limit {
                found = made
            } else {
                count = min(count * 2, places.count)
            }
        }
        guard let found else {
            throw SluiceError("patch.too-large", .stalled, "there is no room for a part of the series")
        }
        series = found.series
        remaining =
            series.head == scan.head ? 0 : try speculation.aheadBehind(scan.head, series.head).ahead
    }

    /// What says that a part is too large, and a smaller one may not be.
    private static let tooMuch: Set<SluiceError.Code> = [
        "git.history-too-long", "git.diff-too-large", "patch.too-large",
    ]

    /// Where a part may end, the nearest to the cursor first: at steps of the branch itself that contain the cursor.
    /// - Throws: `git.history-too-long` when the branch has more than `limit` steps that the cursor does not contain.
    static func places(of scan: UpstreamScan, in speculation: Speculation, limit: Int = 100_000) throws -> [ObjectID] {
        let steps = try speculation.firstParents(from: scan.head, notIn: scan.cursor, limit: limit)
        if let oldest = steps.last, try speculation.commit(oldest).parents.first == scan.cursor {
            return steps.reversed()
        }
        // The cursor came by a merge. Each step that contains it has only such before it, seen from the head.
        var (low, high) = (1, steps.count)
        while low < high {
            let middle = (low + high + 1) / 2
            if try speculation.isAncestor(scan.cursor, of: steps[middle - 1]) {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return steps.prefix(low).reversed()
    }

    /// A series in which commits that the package has stand alone, so that they can be left out; as it is when that cannot be.
    private static func apart(_ series: Series, knowing known: Set<ObjectID>, _ maker: SeriesMaker) throws -> Series {
        guard !known.isEmpty, series.form == .firstParent,
            series.patches.contains(where: { $0.brought.contains { known.contains($0.id) } })
        else { return series }
        let single = try maker.series(from: series.cursor, through: series.head, policy: .commits)
        return single.form == .commits ? single : series
    }
}
