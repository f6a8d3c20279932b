namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>The names of the mechanisms that there are.</summary>
public static class SaslMechanisms
{
    public const string ScramSha256Plus = "SCRAM-SHA-256-PLUS";
    public const string ScramSha256 = "SCRAM-SHA-256";
    public const string Plain = "PLAIN";
    public const string Login = "LOGIN";

    /// <summary>All, strongest first: the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = [ScramSha256Plus, ScramSha256, Plain, Login];

    /// <summary>
    /// Those that need nothing of the connection. mutt and neomutt with GNU SASL take the PLUS variant where it is offered, cannot do it over TLS 1.3 and send nothing
    /// at all, so the servers that they send by do not offer it unless they are told to.
    /// </summary>
    public static IReadOnlyList<string> WithoutBinding { get; } = [ScramSha256, Plain, Login];

    /// <summary>Those by which anybody who knows a password can sign in, where any password is right: SCRAM needs to know one.</summary>
    public static IReadOnlyList<string> ByPassword { get; } = [Plain, Login];
}
