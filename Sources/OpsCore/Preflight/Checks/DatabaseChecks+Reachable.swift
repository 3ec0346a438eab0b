extension DatabaseChecks {
    /// The server answers where the application looks for it, whoever asks.
    enum Reachable: ObservedCheck {
        static let id = "DB-001"
        static let title = "the server answers over the application's own path"

        struct Observation: Sendable {
            var place: String
            /// Nil when a session was opened, or refused to this account, which is an answer too.
            var failure: DatabaseError?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            try context.application.requireSettings()
            let settings = context.application.settings
            let place = settings.socket.map { "socket \($0)" } ?? "\(settings.host):\(settings.port)"
            do {
                _ = try await DatabaseConnection(settings, selectingDatabase: false)
                return Observation(place: place, failure: nil)
            } catch let error as DatabaseError {
                return Observation(place: place, failure: error.kind == .accessDenied ? nil : error)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "an answer from \(observed.place)"
            guard let failure = observed.failure else { return .pass("\(observed.place) answers", expected: expected) }
            return .fail(
                failure.message, expected: expected,
                remedy: failure.hint ?? "start the server, then: sysndd-ctl preflight --only DB-001")
        }
    }

    /// The application's account opens a session on its database.
    enum Login: ObservedCheck {
        static let id = "DB-002"
        static let title = "the application's account logs in on its database"

        struct Observation: Sendable {
            var account: String
            var database: String
            var failure: DatabaseError?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            try context.application.requireSettings()
            let settings = context.application.settings
            do {
                let connection = try await DatabaseConnection(settings)
                let account = try await connection.query("SELECT CURRENT_USER()").first?.text(0)
                return Observation(account: account ?? settings.user, database: settings.database)
            } catch let error as DatabaseError {
                return Observation(account: settings.user, database: settings.database, failure: error)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a session of \(observed.account) on \(observed.database)"
            guard let failure = observed.failure else {
                return .pass("\(observed.account) is on \(observed.database)", expected: expected)
            }
            let remedy = failure.kind == .unknownDatabase || failure.kind == .unreachable ? failure.hint : nil
            return .fail(
                failure.message, expected: expected,
                remedy: remedy ?? "check MYSQL_USER and MYSQL_PASSWORD; the grants: sysndd-ctl grants --role app")
        }
    }
}
