/// Access tokens, reset links and the throttle of the endpoints that sign in.
public struct AuthSettings: Sendable, Equatable {
    /// Key of the access tokens (JWT_SECRET), at least 32 bytes; nil when not set.
    public var jwtSecret: Secret?
    /// How long an access token is valid (TOKEN_EXPIRY, seconds).
    public var tokenExpiry: Duration
    /// How long a reset link is valid (PASSWORD_RESET_EXPIRY, seconds).
    public var passwordResetExpiry: Duration
    /// Mixed into the hash of a reset link (PASSWORD_SALT).
    public var passwordSalt: Secret?
    /// Attempts of one caller within the window (AUTH_ENDPOINT_PER_CALLER_MAX).
    public var attemptMaximum: Int
    /// The window of attempts (AUTH_ENDPOINT_WINDOW_SECONDS).
    public var attemptWindow: Duration
    /// Proxies whose X-Forwarded-For is believed (AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS).
    public var trustedProxies: [IPNetwork]

    /// Values that no variable gave; each default is that of its variable.
    public init(
        jwtSecret: Secret? = nil, tokenExpiry: Duration = .seconds(3600),
        passwordResetExpiry: Duration = .seconds(3600), passwordSalt: Secret? = nil, attemptMaximum: Int = 5,
        attemptWindow: Duration = .seconds(60), trustedProxies: [IPNetwork] = []
    ) {
        self.jwtSecret = jwtSecret
        self.tokenExpiry = tokenExpiry
        self.passwordResetExpiry = passwordResetExpiry
        self.passwordSalt = passwordSalt
        self.attemptMaximum = attemptMaximum
        self.attemptWindow = attemptWindow
        self.trustedProxies = trustedProxies
    }

    init(_ values: inout SettingValues) {
        self.init(
            jwtSecret: values.secret(.jwtSecret), tokenExpiry: values.duration(.tokenExpiry),
            passwordResetExpiry: values.duration(.passwordResetExpiry), passwordSalt: values.secret(.passwordSalt),
            attemptMaximum: values.integer(.attemptMaximum), attemptWindow: values.duration(.attemptWindow),
            trustedProxies: values.list(.trustedProxies, IPNetwork.init))
    }
}
