package import Foundation

/// What a double is made of.
package struct ForgeDoubleConfiguration: Sendable {
    /// Whose language it speaks.
    package var type: ForgeType
    /// Where its repositories and records are kept; made if need be.
    package var directory: String
    package var host: String
    /// 0 for a free one.
    package var port: Int
    /// The version that a GitLab says it has. Before 15.6 there is no `detailed_merge_status`, before 13.0 no
    /// `add_labels`.
    package var gitLabVersion: String
    /// The most items of a page, when it is to be less than the host's own: with 3, seven candidates make three pages.
    package var pageLimit: Int?
    /// Where `git` is looked for.
    package var searchPath: String
    /// The time that is written into records.
    package var now: @Sendable () -> Date
    /// Where events are posted to; nil for nowhere.
    package var webhook: WebhookTarget?

    package init(
        type: ForgeType, directory: String, host: String = "127.0.0.1", port: Int = 0,
        gitLabVersion: String = "17.4.2-ee", pageLimit: Int? = nil,
        searchPath: String = "/usr/local/bin:/usr/bin:/bin", webhook: WebhookTarget? = nil,
        now: @escaping @Sendable () -> Date
    ) {
        self.type = type
        self.directory = directory
        self.host = host
        self.port = port
        self.gitLabVersion = gitLabVersion
        self.pageLimit = pageLimit
        self.searchPath = searchPath
        self.webhook = webhook
        self.now = now
    }
}
