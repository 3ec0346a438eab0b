import Foundation

extension SettingKey {
    static let server = [apiHost, apiPort, apiWorkers, autoMigrate, baseURL, corsAllowedOrigins]
    static let access = [
        jwtSecret, tokenExpiry, passwordResetExpiry, passwordSalt, attemptMaximum, attemptWindow, trustedProxies,
    ]

    static let apiHost = SettingKey("API_HOST", .host, default: "127.0.0.1", "address that the shim listens on")
    static let apiPort = SettingKey(
        "API_PORT", .integer(0...65535), default: "7777", "port that the shim listens on, 0 for any free one")
    static let apiWorkers = SettingKey(
        "API_WORKERS", .integer(1...1024), default: String(ProcessInfo.processInfo.activeProcessorCount),
        "workers of the shim; without it, the cores of the machine")
    static let autoMigrate = SettingKey(
        "AUTO_MIGRATE", .boolean, default: "false", "whether the shim migrates before it listens")
    static let baseURL = SettingKey(
        "BASE_URL", .webURL(allowingUser: false), "public address of the web application, for links in mails")
    static let corsAllowedOrigins = SettingKey(
        "CORS_ALLOWED_ORIGINS", .origins, "origins whose pages may call the shim")

    static let jwtSecret = SettingKey(
        "JWT_SECRET", .secret(minimumBytes: 32), secret: true, "key that signs access tokens")
    static let tokenExpiry = SettingKey(
        "TOKEN_EXPIRY", .seconds(1...year), default: "3600", "seconds that an access token is valid")
    static let passwordResetExpiry = SettingKey(
        "PASSWORD_RESET_EXPIRY", .seconds(1...year), default: "3600", "seconds that a reset link is valid")
    static let passwordSalt = SettingKey(
        "PASSWORD_SALT", .secret(minimumBytes: 0), secret: true, "mixed into the hash of reset links")
    static let attemptMaximum = SettingKey(
        "AUTH_ENDPOINT_PER_CALLER_MAX", .integer(1...1_000_000), default: "5", "attempts of one caller in the window")
    static let attemptWindow = SettingKey(
        "AUTH_ENDPOINT_WINDOW_SECONDS", .seconds(1...year), default: "60", "seconds of the window of attempts")
    static let trustedProxies = SettingKey(
        "AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS", .networks, "proxies whose X-Forwarded-For is believed")
}
