using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>The replies to EHLO. There are few, by role, TLS and peer: each is made once and shared by the sessions that hear it, in memory too.</summary>
internal sealed class EhloReplies(Domain host, IReadOnlyList<ISmtpExtension> extensions)
{
    /// <summary>Replies that are kept; what an extension says with ever another word is made each time.</summary>
    private const int MaxKept = 32;

    private volatile (string?[] Offers, SmtpReply Reply)[] _kept = [];

    public SmtpReply For(SmtpSession session)
    {
        var offers = new string?[extensions.Count];
        for (var i = 0; i < offers.Length; i++)
            offers[i] = extensions[i].Offer(session);

        foreach (var (known, reply) in _kept)
        {
            if (known.AsSpan().SequenceEqual(offers))
                return reply;
        }

        var made = SmtpReplies.Hello(host, [.. offers.OfType<string>()]);
        var kept = _kept;
        if (kept.Length < MaxKept)
            _kept = [.. kept, (offers, made)];
        return made;
    }
}
