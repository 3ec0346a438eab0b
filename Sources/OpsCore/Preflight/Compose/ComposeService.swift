/// One service of a compose file.
struct ComposeService: Sendable, Equatable {
    let name: String
    /// Nil for one that is built.
    let image: String?
    let environment: [String: String]
    let labels: [String: String]
    /// Command and entry point, word by word.
    let command: [String]
    /// The test of the health check; nil without one.
    let healthTest: [String]?
    let restart: String?
    /// `max-size` of the log files.
    let logSize: String?
    let memoryLimit: String?
    let replicas: Int

    init(name: String, _ node: ComposeNode) {
        self.name = name
        image = node["image"].text
        environment = node["environment"].mapping
        labels = node["labels"].mapping
        command = node["command"].list + node["entrypoint"].list
        let test = node["healthcheck"]["test"].list
        healthTest = test.isEmpty || node["healthcheck"]["disable"].text == "true" ? nil : test
        restart = node["restart"].text ?? node["deploy"]["restart_policy"]["condition"].text
        logSize = node["logging"]["options"]["max-size"].text
        memoryLimit = node["mem_limit"].text ?? node["deploy"]["resources"]["limits"]["memory"].text
        replicas = node["deploy"]["replicas"].int ?? node["scale"].int ?? 1
    }

    /// A database server itself.
    var isDatabaseServer: Bool {
        ["mysql", "mariadb", "percona"].contains { (image ?? "").lowercased().contains($0) }
    }

    /// This toolkit as a service that goes on, not a single run of another command.
    var isShim: Bool {
        let name = (image ?? "").split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" }
        return name == "sysndd-ctl" && (command.isEmpty || command.contains("serve"))
    }

    /// True for a service that is told where the database is.
    var usesDatabase: Bool {
        guard !isDatabaseServer else { return false }
        let names = environment.keys.map { $0.hasSuffix("_FILE") ? String($0.dropLast(5)) : $0 }
        return names.contains { ["DATABASE_URL", "DB_POOL_SIZE", "MYSQL_HOST", "MYSQL_DATABASE"].contains($0) }
            || labels.keys.contains { $0.hasPrefix("sysndd-ctl.") }
    }
}
