import Foundation

/// What is asked of this machine.
enum SystemChecks {
    static let all: [Check] = [
        Check(Disk.self), Check(Clock.self), Check(Port.self), Check(Compose.self), Check(OpenFiles.self),
    ]

    /// No file system that matters is nearly full.
    enum Disk: ObservedCheck {
        static let id = "SYS-501"
        static let title = "disk and inodes"

        static func observe(_ context: PreflightContext) async throws -> [String: FileSystemSpace] {
            let server = try? await ServerFolder.path(context)
            var spaces: [String: FileSystemSpace] = [:]
            for path in [context.options.settings.workingDirectory, context.backups.path, server].compactMap(\.self) {
                guard let space = try? await FileSystemSpace.of(path) else { continue }
                // Once for each file system.
                if !spaces.values.contains(where: { $0.device == space.device }) { spaces[path] = space }
            }
            guard !spaces.isEmpty else { throw CheckNotPossible("no folder of the settings is there", remedy: "df -h") }
            return spaces
        }

        static func judge(_ observed: [String: FileSystemSpace]) -> CheckVerdict {
            let ordered = observed.sorted { $0.key < $1.key }
            let findings = ordered.flatMap { path, space in
                [
                    finding(
                        space.free, of: space.total, "of the room of \(path)",
                        "du -xh --max-depth=2 \(path) | sort -h | tail"),
                    finding(space.freeFiles, of: space.totalFiles, "of the inodes of \(path)", "df -i \(path)"),
                ].compactMap(\.self)
            }
            let text = ordered.map { "\($0): \(DatabaseChecks.size($1.free)) of \(DatabaseChecks.size($1.total)) free" }
            return .worst(
                of: findings, otherwise: text.joined(separator: "; "), expected: "at least 15 % free everywhere")
        }

        private static func finding(_ free: Int, of total: Int, _ what: String, _ remedy: String) -> CheckVerdict
            .Finding?
        {
            // Some file systems have no limit for the number of files, and say 0.
            guard total > 0, free * 100 < total * 15 else { return nil }
            let percent = free * 100 / total
            return .init(percent < 5 ? .fail : .warn, "\(percent) % \(what) are free", remedy: remedy)
        }
    }

    /// Times that the server and this machine write can be compared.
    enum Clock: ObservedCheck {
        static let id = "SYS-502"
        static let title = "clock skew against the server"

        /// Seconds that this machine is ahead.
        static func observe(_ context: PreflightContext) async throws -> Double {
            let now = context.now
            return try await context.application.run { session in
                let before = now()
                let microseconds = try session.query(
                    "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))"
                ).first?.int(0)
                let after = now()
                guard let microseconds else { throw CheckNotPossible("the server does not tell its time") }
                let middle = (before.timeIntervalSince1970 + after.timeIntervalSince1970) / 2
                return middle - Double(microseconds) / 1_000_000
            }
        }

        static func judge(_ observed: Double) -> CheckVerdict {
            let rounded = (abs(observed) * 10).rounded() / 10
            let text = "\(rounded) s " + (observed < 0 ? "behind the server" : "ahead of the server")
            let expected = "within 2 s"
            let remedy = "timedatectl # on both machines: is the clock synchronised?"
            if abs(observed) > 30 { return .fail(text, expected: expected, remedy: remedy) }
            return abs(observed) > 2
                ? .warn(text, expected: expected, remedy: remedy) : .pass(text, expected: expected)
        }
    }

    /// The shim's port is its own.
    enum Port: ObservedCheck {
        static let id = "SYS-503"
        static let title = "the shim's port is free, or the shim has it"

        enum Observation: Sendable, Equatable {
            case free(String)
            case shim(String)
            /// Something else answers, in the way that is told.
            case stranger(String, String)
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let server = context.settings.server
            guard server.port > 0 else { throw CheckSkipped("API_PORT = 0: any free port") }
            let probe = HTTPProbe(localTo: server)
            do {
                let answer = try await probe.get("/api/health/", limit: .seconds(3))
                let isShim =
                    answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("\"healthy\"")
                return isShim ? .shim(probe.place) : .stranger(probe.place, "status \(answer.status)")
            } catch let failure as HTTPProbe.Failure {
                return failure.isRefused ? .free(probe.place) : .stranger(probe.place, failure.reason)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "nobody, or the shim"
            switch observed {
            case .free(let place): return .pass("nobody listens on \(place)", expected: expected)
            case .shim(let place): return .pass("the shim listens on \(place)", expected: expected)
            case .stranger(let place, let how):
                let port = place.split(separator: ":").last ?? ""
                return .fail(
                    "something else listens on \(place): \(how)", expected: expected,
                    remedy: "ss -ltnp 'sport = :\(port)' # who is it? or give another API_PORT")
            }
        }
    }

    /// The shim and the server can open as many files and connections as they need.
    enum OpenFiles: ObservedCheck {
        static let id = "SYS-505"
        static let title = "open-file limit"

        struct Observation: Sendable {
            /// Of this process.
            var limit: Int
            /// Of the server; nil when it is not known.
            var server: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else {
                throw CheckNotPossible("the limit cannot be read", remedy: "ulimit -n")
            }
            return Observation(
                limit: Int(clamping: limit.rlim_cur),
                server: try? await context.monitor.variables().int("open_files_limit"))
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "at least 1024"
            var findings: [CheckVerdict.Finding] = []
            if observed.limit < 1024 {
                findings.append(
                    .init(
                        observed.limit < 256 ? .fail : .warn, "this process may open \(observed.limit) files",
                        remedy: "LimitNOFILE=65536 # in the service's unit; for this shell: ulimit -n 65536"))
            }
            if let server = observed.server, server < 1024 {
                findings.append(
                    .init(
                        .warn, "the server may open \(server) files",
                        remedy: "LimitNOFILE=65536 # in the server's unit, and open_files_limit in its option file"))
            }
            return .worst(
                of: findings,
                otherwise: "\(observed.limit) here, \(observed.server.map(String.init) ?? "unknown") for the server",
                expected: expected)
        }
    }
}
