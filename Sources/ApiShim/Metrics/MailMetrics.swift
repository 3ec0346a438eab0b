import OpsCore

/// Whether mail gets away.
enum MailMetrics {
    static func metrics(_ settings: MailSettings, _ figures: OutboxFigures?) -> [Metric] {
        let configured = Metric(
            "smtp_configured", "1 where a mail server is set and mail is not turned off.",
            settings.isEnabled && settings.host != nil ? 1 : 0)
        guard let figures else { return [configured] }
        let states = [("failed", figures.failed), ("sent", figures.sent), ("waiting", figures.waiting)]
        return [
            configured,
            Metric(
                "smtp_mails", .gauge, "Mails of the outbox by state; those that are done stay for 90 days.",
                states.map { .init(labels: [("state", $0.0)], value: Double($0.1)) }),
            Metric(
                "smtp_oldest_waiting_seconds", "How long the oldest mail has waited for the mail server.",
                Double(figures.oldestWaitingSeconds)),
        ]
    }
}
