using System.Globalization;
using MailSuite.Mda.Pop3.Commands;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Pop3;

/// <summary>What CAPA tells: each capability where it works, and only there.</summary>
internal sealed class Pop3Capabilities(MdaOptions options, IServerTls? tls = null)
{
    /// <summary>Each keyword with what stands behind it in a session; <see langword="null"/> where it is not told.</summary>
    private static readonly (string Keyword, Func<Pop3Session, Pop3Capabilities, string?> Offer)[] All =
    [
        ("TOP", Always),
        ("USER", (session, own) => SignIn.IsSafe(session.Tls, own.Options) && SignIn.Allows(SaslMechanisms.Plain, own.Options) ? "" : null),
        ("SASL", (session, own) => string.Join(' ', SignIn.Mechanisms(session.Tls, own.Options)) is { Length: > 0 } names ? names : null),
        ("STLS", (session, own) => session is { Tls: null, State: Pop3States.Authorization } && own.HasTls ? "" : null),
        ("RESP-CODES", Always),
        ("AUTH-RESP-CODE", Always),
        ("LOGIN-DELAY", (_, own) => own.Options.LoginDelay > TimeSpan.Zero ? Math.Ceiling(own.Options.LoginDelay.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null),
        ("PIPELINING", Always),
        ("EXPIRE", (_, _) => "NEVER"),
        ("UIDL", Always),
        ("UTF8", (_, _) => "USER"),
        ("LANG", Always),
        ("IMPLEMENTATION", (_, _) => "MailSuite"),
    ];

    private Pop3Options Options => options.Pop3;

    private bool HasTls => tls is { IsAvailable: true };

    /// <summary>The keywords of all that there are.</summary>
    public static IEnumerable<string> Keywords => All.Select(capability => capability.Keyword);

    /// <summary>The lines for a session as it is now.</summary>
    public IEnumerable<string> Of(Pop3Session session)
    {
        foreach (var (keyword, offer) in All)
        {
            if (offer(session, this) is { } arguments)
                yield return arguments.Length == 0 ? keyword : $"{keyword} {arguments}";
        }
    }

    private static string Always(Pop3Session session, Pop3Capabilities own) => "";
}
