public import GitClient

/// Tells what a merge would do from what it gives and what the release is. Pure.
///
/// Two trees are compared: the **result** of merging the source into the target, which is what the code host will make;
/// and the **expectation**, the release's own change made to the target by itself. Where they differ, the history of the
/// branches, not the release, decides what arrives.
public struct Diagnosis: Hashable, Sendable {
    /// The tree of the target now.
    public let target: ObjectID
    /// Whether the target contains the source.
    public let isContained: Bool
    /// The tree of the merge; nil for a conflict.
    public let result: ObjectID?
    /// The tree of the target with the release's own change; nil for a conflict.
    public let expectation: ObjectID?
    /// Whether the result has all of the expectation, with more beside; asked only when the two differ.
    public let resultHoldsExpectation: Bool

    /// Makes a diagnosis of what was found.
    public init(
        target: ObjectID, isContained: Bool, result: ObjectID?, expectation: ObjectID?,
        resultHoldsExpectation: Bool = true
    ) {
        self.target = target
        self.isContained = isContained
        self.result = result
        self.expectation = expectation
        self.resultHoldsExpectation = resultHoldsExpectation
    }

    /// The verdict. The rules are tried in order and the first that applies decides.
    public var verdict: RehearsalVerdict {
        if isContained { return .nothingToDo }
        switch (result, expectation) {
        case (nil, nil): return .driftConflict
        case (nil, _?): return .unsyncedRevert
        case (_?, nil): return .lostToDrift
        case (let result?, let expectation?):
            if result == expectation { return .clean }
            return result == target || !resultHoldsExpectation ? .silentLoss : .stowaway
        }
    }
}
