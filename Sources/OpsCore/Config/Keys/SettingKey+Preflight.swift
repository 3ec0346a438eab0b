extension SettingKey {
    static let preflight = [preflightDatabaseURL]

    static let preflightDatabaseURL = SettingKey(
        "PREFLIGHT_DATABASE_URL", .databaseURL, secret: true,
        "a monitoring account for what preflight asks of the whole server; without it, the application's own")
}
