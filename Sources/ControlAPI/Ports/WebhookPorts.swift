public import StateStore
public import Webhooks

/// Who may send webhooks.
public protocol WebhookSources: Sendable {
    /// The source of a name, with the secrets that count now; nil when there is none.
    func source(named name: String) async throws -> WebhookSource?
}

/// Where webhooks are kept before their senders hear that they arrived.
public protocol WebhookInbox: Sendable {
    /// Keeps a delivery; returns when it cannot be lost any more.
    func keep(_ delivery: NewDelivery) async throws -> DeliveryReceipt
}

/// The store's own intake keeps them.
extension DeliveryIntake: WebhookInbox {}

/// Which webhooks came, and what became of them.
public protocol DeliveryDirectory: Sendable {
    /// Deliveries, newest first.
    func list(_ filter: DeliveryFilter, page: PageRequest) async throws -> Page<Delivery>
    /// One delivery; nil when there is none, or none any more.
    func delivery(_ id: Int64) async throws -> Delivery?
    /// Has a delivery handled once more. False when there is none, or nothing of it is left that could be.
    func redeliver(_ id: Int64) async throws -> Bool
}

/// The store's own log answers.
extension DeliveryLog: DeliveryDirectory {}
