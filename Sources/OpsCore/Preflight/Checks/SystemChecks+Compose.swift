extension SystemChecks {
    /// The compose file is fit for production.
    enum Compose: ObservedCheck {
        static let id = "SYS-504"
        static let title = "compose file: pinned images, health checks, restarts, logs, memory"

        static func observe(_ context: PreflightContext) async throws -> ComposeFile {
            guard let file = try ComposeFile(context) else { throw CheckSkipped("no compose file") }
            return file
        }

        static func judge(_ observed: ComposeFile) -> CheckVerdict {
            let services = observed.services
            func named(_ condition: (ComposeService) -> Bool) -> [String] { services.filter(condition).map(\.name) }
            var findings: [CheckVerdict.Finding] = []
            func add(_ status: CheckStatus, _ what: String, _ names: [String], _ remedy: String) {
                if !names.isEmpty {
                    findings.append(.init(status, "\(what): \(DatabaseChecks.list(names))", remedy: remedy))
                }
            }
            add(
                .fail, "a password in the arguments of a health check or a command", named(\.showsPassword),
                "healthcheck: {test: [\"CMD\", \"healthcheck.sh\", \"--connect\", \"--innodb_initialized\"]} # or a file"
            )
            add(.warn, "image without a fixed version", named(\.hasMovingImage), "image: NAME:VERSION@sha256:…")
            add(
                .warn, "no health check", named { $0.healthTest == nil },
                "healthcheck: {test: [\"CMD\", …], interval: 10s}")
            add(.warn, "not restarted after a failure", named { !$0.isRestarted }, "restart: unless-stopped")
            add(
                .warn, "logs that grow without limit", named { $0.logSize == nil },
                "logging: {options: {max-size: 10m, max-file: \"5\"}}")
            add(.warn, "no memory limit", named { $0.memoryLimit == nil }, "mem_limit: 512m")
            return .worst(
                of: findings, otherwise: "\(observed.path): \(services.count) services",
                expected: "fixed versions, health checks without passwords, restarts, limits for logs and memory")
        }
    }
}

extension ComposeService {
    /// An image that may be another one tomorrow.
    fileprivate var hasMovingImage: Bool {
        guard let image, !image.contains("@sha256:") else { return false }
        let name = image.split(separator: "/").last ?? ""
        guard let colon = name.firstIndex(of: ":") else { return true }
        return name[name.index(after: colon)...] == "latest"
    }

    /// Whoever lists the processes of the machine sees arguments.
    fileprivate var showsPassword: Bool {
        let words = ((healthTest ?? []) + command).flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        let secrets = environment.filter { name, value in
            !name.hasSuffix("_FILE") && value.count >= 6 && ["PASSWORD", "SECRET"].contains { name.contains($0) }
        }.values
        return words.contains { word in
            (word.hasPrefix("--password=") && word.count > 11)
                || (word.hasPrefix("-p") && word.count > 2 && !word.dropFirst(2).allSatisfy(\.isNumber)
                    && words.contains { $0.contains("mysql") || $0.contains("mariadb") })
                || secrets.contains { word.contains($0) }
        }
    }

    fileprivate var isRestarted: Bool { ["always", "unless-stopped", "on-failure", "any"].contains(restart ?? "no") }
}
