import Foundation

/// What a mail server shows of itself, and what is to be said about it. Whether its authority is trusted and whether it
/// has the right name are two questions, answered apart.
public struct MailCertificate: Codable, Sendable, Equatable {
    /// One answer.
    public struct Verdict: Codable, Sendable, Equatable {
        public let ok: Bool
        /// Why not.
        @EncodedAsNull public var reason: String?

        init(_ reason: String?) {
            ok = reason == nil
            _reason = EncodedAsNull(wrappedValue: reason)
        }
    }

    /// One certificate of the chain, the server's own first.
    public struct Link: Codable, Sendable, Equatable {
        public let subject: String
        public let issuer: String
        @EncodedAsNull public var notBefore: Date?
        @EncodedAsNull public var notAfter: Date?
    }

    /// Host names and addresses that it was made for.
    public let names: [String]
    /// Whole days until it expires, negative when it has; null when its date cannot be read.
    @EncodedAsNull public var daysLeft: Int?
    /// Whether a trusted authority vouches for it now, its dates included.
    public let authority: Verdict
    /// Whether it is for the host that was asked for.
    public let name: Verdict
    public let chain: [Link]

    /// - Parameters:
    ///   - fields: for each certificate what libcurl says about it, as `Field:value`.
    ///   - verifyResult: OpenSSL's verdict on the chain, 0 for good.
    init?(fields: [[String]], verifyResult: Int, host: String, now: Date = Date()) {
        guard let own = fields.first, !own.isEmpty else { return nil }
        chain = fields.map(Self.link)
        names = Self.names(own)
        authority = Verdict(CertificateProblem.text(verifyResult))
        let matches = names.contains { CertificateName($0).matches(host) }
        name = Verdict(matches ? nil : "it is for \(names.joined(separator: ", ")), not for \(host)")
        let left = chain[0].notAfter.map { Int(($0.timeIntervalSince(now) / 86_400).rounded(.down)) }
        _daysLeft = EncodedAsNull(wrappedValue: left)
    }

    /// In a few words.
    var summary: String {
        let time = daysLeft.map { $0 < 0 ? ", expired \(-$0) days ago" : ", \($0) days left" } ?? ""
        return "certificate for \(names.joined(separator: ", ")) by \(chain[0].issuer)\(time)"
            + "; authority: \(authority.reason ?? "trusted"); name: \(name.reason ?? "right")"
    }

    private static func link(_ fields: [String]) -> Link {
        Link(
            subject: value("Subject", fields) ?? "", issuer: value("Issuer", fields) ?? "",
            notBefore: value("Start date", fields).flatMap(date), notAfter: value("Expire date", fields).flatMap(date))
    }

    private static func value(_ field: String, _ fields: [String]) -> String? {
        fields.first { $0.hasPrefix(field + ":") }.map { String($0.dropFirst(field.count + 1)).printableLine }
    }

    /// The common name counts only where there are no other names.
    private static func names(_ fields: [String]) -> [String] {
        let listed = (value("X509v3 Subject Alternative Name", fields) ?? "").split(separator: ",").compactMap {
            entry in
            let parts = entry.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
            return parts.count == 2 && ["DNS", "IP Address"].contains(parts[0]) ? parts[1] : nil
        }
        guard listed.isEmpty else { return listed }
        let subject = (value("Subject", fields) ?? "").replacing(" = ", with: "=")
        return subject.split(separator: ",").map { String($0).trimmed }
            .filter { $0.hasPrefix("CN=") }.map { String($0.dropFirst(3)) }
    }

    /// `Nov 24 10:27:24 2026 GMT`.
    private static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count >= 4, let month = months.firstIndex(of: String(words[0])) else { return nil }
        let time = words[2].split(separator: ":").compactMap { Int($0) }
        guard let day = Int(words[1]), let year = Int(words[3]), time.count == 3 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(
            from: DateComponents(
                year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]))
    }
}
