import Foundation

extension SecurityChecks {
    /// The settings are complete and valid, and their secrets are none that somebody else knows.
    enum Environment: ObservedCheck {
        static let id = "SEC-306"
        static let title = ".env against .env.example: missing, unknown, placeholder, weak or equal values"

        struct Observation: Sendable {
            var file: String
            /// Nil when there is no `.env`.
            var entries: [String: String]?
            /// Nil when there is no example.
            var example: [String: String]?
            /// Secrets in force by variable, wherever they were set.
            var secrets: [String: Secret]
            /// What is wrong with settings, in words.
            var problems: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let inspection = context.options.settings
            let example = context.options.envExample.map(context.absolute) ?? inspection.envFile + ".example"
            let entries = entries(inspection.envFile)
            let settings = inspection.settings
            var secrets: [String: Secret] = [:]
            for (name, value) in (entries ?? [:]) where isSecret(name) && !value.isEmpty {
                secrets[name] = Secret(value)
            }
            secrets["MYSQL_PASSWORD"] = settings.database.password
            secrets["JWT_SECRET"] = settings.auth.jwtSecret
            secrets["PASSWORD_SALT"] = settings.auth.passwordSalt
            secrets["SMTP_PASSWORD"] = settings.mail.password
            return Observation(
                file: inspection.envFile, entries: entries, example: Self.entries(example), secrets: secrets,
                problems: inspection.problems.map(\.description))
        }

        /// Nil when there is no such file; what is wrong with it is among the problems of the settings.
        private static func entries(_ path: String) -> [String: String]? {
            guard let text = try? SettingsFile.text(at: path) else { return nil }
            return try? DotEnvFile(parsing: text, file: path).entries.mapValues(\.value)
        }

        private static func isSecret(_ name: String) -> Bool {
            let isFile = name.hasSuffix("_FILE")
            return !isFile && ["PASSWORD", "SECRET", "SALT", "TOKEN"].contains { name.contains($0) }
                && !["TOKEN_EXPIRY", "PASSWORD_RESET_EXPIRY"].contains(name)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let findings = invalid(observed) + names(observed) + secrets(observed)
            let place = observed.entries == nil ? "no \(observed.file)" : observed.file
            return .worst(
                of: findings, otherwise: "\(place), all settings are valid, \(observed.secrets.count) secrets",
                expected:
                    "every variable of the example, none unknown, secrets of at least 12 characters, all different")
        }

        private static func invalid(_ observed: Observation) -> [CheckVerdict.Finding] {
            observed.problems.map { .init(.fail, $0, remedy: "sysndd-ctl config # after a correction") }
        }

        private static func names(_ observed: Observation) -> [CheckVerdict.Finding] {
            guard let entries = observed.entries, let example = observed.example else { return [] }
            var findings: [CheckVerdict.Finding] = []
            let set = Set(entries.keys).union(
                entries.keys.filter { $0.hasSuffix("_FILE") }.map { String($0.dropLast(5)) })
            let missing = example.keys.filter { !set.contains($0) }.sorted()
            if !missing.isEmpty {
                findings.append(
                    .init(
                        .warn, "in the example, but not here: \(DatabaseChecks.list(missing))",
                        remedy: "add them to \(observed.file), or take them out of the example"))
            }
            let known = Set(example.keys).union(SettingKey.names)
            let unknown = entries.keys.filter { !known.contains($0) }.sorted()
            if !unknown.isEmpty {
                findings.append(
                    .init(
                        .warn, "unknown, perhaps misspelt: \(DatabaseChecks.list(unknown))",
                        remedy: "correct them in \(observed.file), or add them to the example"))
            }
            return findings
        }

        private static func secrets(_ observed: Observation) -> [CheckVerdict.Finding] {
            let remedy = "openssl rand -base64 36 # a new value for each"
            let named = observed.secrets.sorted { $0.key < $1.key }
            var findings: [CheckVerdict.Finding] = []
            func add(_ names: [String], _ what: String) {
                if !names.isEmpty {
                    findings.append(.init(.fail, "\(what): \(names.joined(separator: ", "))", remedy: remedy))
                }
            }
            add(
                named.filter { isPlaceholder($1.exposed) || observed.example?[$0] == $1.exposed }.map(\.key),
                "a placeholder, or the value of the example")
            add(named.filter { !isPlaceholder($1.exposed) && isWeak($1.exposed) }.map(\.key), "short or easily guessed")
            let groups = Dictionary(grouping: named, by: { $1.exposed }).values.filter { $0.count > 1 }
            for group in groups.sorted(by: { $0[0].key < $1[0].key }) { add(group.map(\.key), "equal to each other") }
            return findings
        }

        private static func isPlaceholder(_ value: String) -> Bool {
            let text = value.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "<" }
            return text.hasPrefix("<") || text.hasPrefix("your")
                || ["changeme", "changethis", "replaceme", "placeholder", "example", "todo", "xxxx"].contains {
                    text.contains($0)
                }
        }

        private static func isWeak(_ value: String) -> Bool {
            let common = ["password", "secret", "admin", "root", "mysql", "sysndd", "qwerty", "letmein", "12345"]
            let rest = common.reduce(value.lowercased()) { $0.replacing($1, with: "") }
            return value.count < 12 || Set(value).count < 6 || rest.count < 8
        }
    }

    /// Only this account reads the files with secrets, and they are in no repository.
    enum SecretFiles: ObservedCheck {
        static let id = "SEC-307"
        static let title = "files with secrets are 0600 and not in git"

        struct Observation: Sendable {
            var count: Int
            /// `path (644)`
            var open: [String]
            var inGit: [String]
            /// In a repository, and no git is here to ask.
            var unasked: [String] = []
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let settings = context.options.settings
            let paths = ([settings.envFile] + settings.secretFiles).uniqued()
            let files = try await BlockingCall.run {
                paths.compactMap { path in
                    var information = stat()
                    return stat(path, &information) == 0 ? (path, information.st_mode) : nil
                }
            }
            guard !files.isEmpty else { throw CheckSkipped("no .env and no secret files") }
            let open = files.filter { $1 & 0o077 != 0 && !isMounted($0) }
            var observed = Observation(
                count: files.count, open: open.map { "\($0) (\(String($1 & 0o777, radix: 8)))" }, inGit: [])
            for (path, _) in files {
                switch try await GitRepository.tracks(path) {
                case true?: observed.inGit.append(path)
                case false?: break
                case nil: observed.unasked.append(path)
                }
            }
            return observed
        }

        /// Containers mount secrets there, with a mode that the container does not choose.
        private static func isMounted(_ path: String) -> Bool {
            path.hasPrefix("/run/secrets/") || path.hasPrefix("/var/run/secrets/")
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            func path(_ text: String) -> Substring { text.range(of: " (").map { text[..<$0.lowerBound] } ?? text[...] }
            if !observed.open.isEmpty {
                findings.append(
                    .init(
                        .fail, "others may read \(DatabaseChecks.list(observed.open))",
                        remedy: "chmod 600 " + observed.open.map { "'\(path($0))'" }.joined(separator: " ")))
            }
            if !observed.inGit.isEmpty {
                findings.append(
                    .init(
                        .fail, "in the repository: \(DatabaseChecks.list(observed.inGit))",
                        remedy: "git rm --cached " + observed.inGit.map { "'\($0)'" }.joined(separator: " ")
                            + " # then change every secret in them, because the history keeps the old ones"))
            }
            let expected = "0600, and in no repository"
            if findings.isEmpty, !observed.unasked.isEmpty {
                return CheckVerdict(
                    .skip,
                    "\(observed.count) files, all private; there is no git here to ask whether the repository has "
                        + DatabaseChecks.list(observed.unasked), expected: expected)
            }
            return .worst(of: findings, otherwise: "\(observed.count) files, all private", expected: expected)
        }
    }

    /// Nobody has to guess which of two values holds.
    enum SetTwice: ObservedCheck {
        static let id = "SEC-308"
        static let title = "no variable is set both as X and as X_FILE"

        static func observe(_ context: PreflightContext) async throws -> [String] {
            context.options.settings.problems.compactMap { problem in
                problem.variable.flatMap { problem.reason.hasPrefix("\($0)_FILE is set as well") ? $0 : nil }
            }
        }

        static func judge(_ observed: [String]) -> CheckVerdict {
            guard let first = observed.first else { return .pass("none", expected: "none") }
            return .fail(
                "set twice: \(observed.joined(separator: ", "))", expected: "none",
                remedy: "unset \(first) # and leave \(first)_FILE")
        }
    }

    /// Tokens cannot be forged by trying keys.
    enum SigningKey: ObservedCheck {
        static let id = "SEC-309"
        static let title = "JWT_SECRET has at least 32 bytes"

        struct Observation: Sendable {
            /// Of the key; nil when it is too short.
            var bytes: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            if let key = context.settings.auth.jwtSecret { return Observation(bytes: key.exposed.utf8.count) }
            let problems = context.options.settings.problems(of: [.jwtSecret])
            guard !problems.isEmpty else {
                throw CheckSkipped("JWT_SECRET is not set: the shim serves health, version and metrics only")
            }
            return Observation(bytes: nil)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            guard let bytes = observed.bytes else {
                return .fail(
                    "JWT_SECRET cannot be used", expected: "at least 32 bytes", remedy: "openssl rand -base64 48")
            }
            return .pass("\(bytes) bytes", expected: "at least 32 bytes")
        }
    }
}
