/// The statements a private server executes on every start, before it accepts connections: one per line, each without
/// effect when its work is done already. So a lost password file heals itself.
enum StartStatements {
    static func text(options: ServerOptions, password: GeneratedPassword, rootPassword: GeneratedPassword) -> String {
        let user = "'\(options.userName)'@'%'"
        // Only names with this prefix: the application's database and the scratch and shadow schemas beside it.
        let ownSchemas = options.databaseName.replacing("_", with: "\\_") + "%"
        let lines = [
            "SET SESSION sql_log_bin=0",
            "ALTER USER 'root'@'localhost' IDENTIFIED BY '\(rootPassword.value)'",
            "ALTER USER IF EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '\(rootPassword.value)'",
            // The installation makes root accounts without a password for the host names of the machine, too.
            "DELETE FROM mysql.global_priv WHERE User = '' OR User = 'root' AND Host NOT IN ('localhost', '127.0.0.1')",
            "FLUSH PRIVILEGES",
            "CREATE DATABASE IF NOT EXISTS `\(options.databaseName)`",
            "CREATE USER IF NOT EXISTS \(user) IDENTIFIED BY '\(password.value)'",
            "ALTER USER \(user) IDENTIFIED BY '\(password.value)'",
            "GRANT ALL PRIVILEGES ON `\(ownSchemas)`.* TO \(user)",
            // For consistent backups and for naming whoever blocks a statement.
            "GRANT RELOAD, PROCESS, REPLICATION CLIENT ON *.* TO \(user)",
        ]
        return lines.map { $0 + ";\n" }.joined()
    }
}
