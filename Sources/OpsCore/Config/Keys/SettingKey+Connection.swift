import Foundation

extension SettingKey {
    static let connection = [
        databaseURL, mysqlHost, mysqlPort, mysqlSocket, mysqlDatabase, mysqlUser, mysqlPassword, mysqlTLSMode,
        mysqlTLSAuthority,
    ]

    static let databaseURL = SettingKey(
        "DATABASE_URL", .databaseURL, secret: true, "the whole connection; the MYSQL_ variables override its parts")
    static let mysqlHost = SettingKey("MYSQL_HOST", .host, default: "127.0.0.1", "host of the database server")
    static let mysqlPort = SettingKey(
        "MYSQL_PORT", .integer(1...65535), default: "3306", "TCP port of the database server")
    static let mysqlSocket = SettingKey(
        "MYSQL_SOCKET", .path, "Unix socket, used when the host is not set or is localhost")
    static let mysqlDatabase = SettingKey("MYSQL_DATABASE", .text, default: "sysndd_db", "name of the database")
    /// Like the standard clients: without a name, the name of the account that runs the process.
    static let mysqlUser = SettingKey(
        "MYSQL_USER", .text, default: NSUserName().isEmpty ? "UNKNOWN_USER" : NSUserName(), "database account")
    static let mysqlPassword = SettingKey(
        "MYSQL_PASSWORD", .secret(minimumBytes: 0), secret: true, "password of the database account")
    static let mysqlTLSMode = SettingKey(
        "MYSQL_SSL_MODE", .choice(TLSMode.allCases.map(\.rawValue)), default: TLSMode.preferred.rawValue,
        "encryption of the database connection")
    static let mysqlTLSAuthority = SettingKey(
        "MYSQL_SSL_CA", .path, "PEM file of the authorities that may sign the database server's certificate")
}
