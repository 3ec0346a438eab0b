import Foundation

extension SecurityChecks {
    /// What leaves the machine is encrypted, and goes on being so.
    enum Encryption: ObservedCheck {
        static let id = "SEC-305"
        static let title = "the connection is encrypted, the server's certificate is valid for a while"

        struct Observation: Sendable {
            /// The session does not leave this machine.
            var isLocal: Bool
            /// Empty without TLS.
            var cipher: String
            var mode: TLSMode
            /// Of the certificate; nil when the server does not tell.
            var daysLeft: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let rows = try await context.application.query("SHOW SESSION STATUS LIKE 'Ssl_%'")
            let values = rows.reduce(into: [String: String]()) { $0[($1.text(0) ?? "").lowercased()] = $1.text(1) }
            let end = values["ssl_server_not_after"].flatMap(CertificateTime.parse)
            return Observation(
                isLocal: context.application.isLocal, cipher: values["ssl_cipher"] ?? "",
                mode: context.application.settings.tlsMode,
                daysLeft: end.map { Int(($0.timeIntervalSince(context.now()) / 86_400).rounded(.down)) })
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "TLS, and a certificate for more than 30 days"
            if observed.cipher.isEmpty {
                return observed.isLocal
                    ? .pass("no TLS, and the connection does not leave this machine", expected: expected)
                    : .fail(
                        "passwords and data cross the network in clear text", expected: expected,
                        remedy:
                            "MYSQL_SSL_MODE=verify-identity and MYSQL_SSL_CA=FILE, after setting the server up for TLS")
            }
            var findings: [CheckVerdict.Finding] = []
            if let days = observed.daysLeft, days <= 30 {
                findings.append(
                    .init(
                        days <= 7 ? .fail : .warn,
                        days < 0
                            ? "the certificate is over since \(-days) days" : "the certificate has \(days) days left",
                        remedy: "renew it, then: ALTER INSTANCE RELOAD TLS; -- MariaDB: FLUSH SSL;"))
            }
            if !observed.isLocal, observed.mode == .preferred || observed.mode == .required {
                findings.append(
                    .init(
                        .warn, "nothing is verified (\(observed.mode.rawValue)): anybody on the way can be the server",
                        remedy: "MYSQL_SSL_MODE=verify-identity and MYSQL_SSL_CA=FILE"))
            }
            let days =
                observed.daysLeft.map { "certificate for \($0) days" } ?? "the server tells no end of its certificate"
            return .worst(of: findings, otherwise: "\(observed.cipher), \(days)", expected: expected)
        }
    }

    /// Tokens and passwords do not reach the shim in clear text.
    enum Exposure: ObservedCheck {
        static let id = "SEC-310"
        static let title = "the shim is not on a public address without TLS in front"

        struct Observation: Sendable {
            var host: String
            /// Addresses other than loopback at which it is reached.
            var addresses: [NetworkAddress]
            /// BASE_URL begins with https.
            var hasTLSInFront: Bool
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let host = context.settings.server.host
            let addresses = try await BlockingCall.run { try NetworkAddress.listening(on: host) }
            return Observation(
                host: host, addresses: addresses.filter { !$0.isLoopback },
                hasTLSInFront: context.settings.server.baseURL?.hasPrefix("https://") ?? false)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a loopback address, or BASE_URL with https and a proxy that ends TLS"
            guard !observed.addresses.isEmpty else { return .pass("listens on \(observed.host)", expected: expected) }
            let places = DatabaseChecks.list(observed.addresses.map(\.text), limit: 4)
            if observed.hasTLSInFront {
                return .pass("\(observed.host) (\(places)), TLS in front", expected: expected)
            }
            let isPublic = observed.addresses.contains { !$0.isPrivate }
            return CheckVerdict(
                isPublic ? .fail : .warn,
                "API_HOST = \(observed.host) is reached at \(places), and BASE_URL has no https", expected: expected,
                remedy: "API_HOST=127.0.0.1 behind a proxy with TLS, and BASE_URL=https://…")
        }
    }
}

/// `Nov 21 10:00:00 2036 GMT`, as OpenSSL writes times.
enum CertificateTime {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func parse(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 5, let month = months.firstIndex(of: String(parts[0])), let day = Int(parts[1]) else {
            return nil
        }
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return try? Date("\(parts[3])-\(twoDigits(month + 1))-\(twoDigits(day))T\(parts[2])Z", strategy: .iso8601)
    }
}
