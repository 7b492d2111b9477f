/// Issues that Sluice keeps: one for each thing that it tells people about.
///
/// All methods throw `forge.not-supported` where the host has no issues (``ForgeCapability/issues``).
public protocol IssueKeeping: ForgeConnection {
    /// An issue by its id; nil when there is none to be seen.
    func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue?

    /// Our own issue with this marker in its text, open or closed; the oldest when there are several.
    func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue?

    /// Makes an issue stand: the one with the draft's marker is brought to the draft's title, text and state and has its
    /// labels besides those that it has, or a new one is made. A closed one that should be open is opened again.
    ///
    /// The marker is put at the end of the text, where people do not see it.
    func keep(_ draft: IssueDraft, project: ProjectRef) async throws -> Issue
}
