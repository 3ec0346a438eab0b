import Foundation

extension NoticeSender {
    /// Sends a notice to everybody who is to get it.
    /// - Returns: who could not be told, and why.
    func tell(_ notice: Notice, _ settings: NoticeSettings) async -> [String] {
        async let webhook = post(notice, settings)
        async let mail = mail(notice, settings)
        return await [webhook, mail].compactMap { $0 }
    }

    private func post(_ notice: Notice, _ settings: NoticeSettings) async -> String? {
        guard let url = settings.webhookURL else { return nil }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(notice) else { return "the notice could not be written as JSON" }
        let reason = await send(NoticeRequest(url: url, json: String(decoding: json, as: UTF8.self)))
        return reason.map { "the webhook did not take the notice of the \(notice.event.rawValue): \($0)" }
    }

    private func mail(_ notice: Notice, _ settings: NoticeSettings) async -> String? {
        guard let address = settings.mailAddress, let server = settings.mail else { return nil }
        var pauses = patience.pauses[...]
        while true {
            do {
                let message = try MailMessage(
                    from: MailAddress(parsing: server.sender ?? ""), to: [MailAddress(parsing: address)],
                    subject: notice.subject, text: notice.mailText)
                try await SMTPClient(server, timeout: patience.limit).send(message)
                return nil
            } catch let error as MailError where error.isTemporary && !error.outcomeIsUnknown && !pauses.isEmpty {
                // Cut short by cancellation: then the next attempt ends at once.
                try? await Task.sleep(for: pauses.removeFirst())
            } catch {
                let reason = (error as? any OperatorError)?.message ?? "\(error)"
                return "the mail with the notice of the \(notice.event.rawValue) was not sent: \(reason)"
            }
        }
    }
}

extension Notice {
    /// The first thing to see in a mailbox.
    var subject: String {
        let outcome = event == .failure ? "FAILED" : event == .recovery ? "works again" : "succeeded"
        return "[sysndd-ctl] \(operation) of \(database) \(outcome)"
    }

    var mailText: String {
        ([text, "", "Time: \(at)"] + (error.map { ["Code: \($0.code)"] } ?? [])
            + (error?.hint.map { ["What to do: \($0)"] } ?? [])).joined(separator: "\n") + "\n"
    }
}
