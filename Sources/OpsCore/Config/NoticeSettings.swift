/// Where backup and migration notices go. The URLs are secrets: whoever knows one can write to it.
public struct NoticeSettings: Sendable, Equatable {
    /// Gets a POST after backups and migrations (NOTIFY_WEBHOOK_URL).
    public var webhookURL: Secret?
    /// Gets a GET after each good scheduled backup (HEARTBEAT_URL).
    public var heartbeatURL: Secret?

    /// Values that no variable gave; each default is that of its variable.
    public init(webhookURL: Secret? = nil, heartbeatURL: Secret? = nil) {
        self.webhookURL = webhookURL
        self.heartbeatURL = heartbeatURL
    }

    init(_ values: inout SettingValues) {
        self.init(webhookURL: values.secret(.webhookURL), heartbeatURL: values.secret(.heartbeatURL))
    }
}
