using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>The replies to EHLO. Most are one of a few, by role, TLS and peer: each of these is made once and shared by the sessions that hear it, in memory too.</summary>
internal sealed class EhloReplies(Domain host, IReadOnlyList<ISmtpExtension> extensions)
{
    /// <summary>Replies that are kept.</summary>
    private const int MaxKept = 64;

    private volatile (string?[] Offers, SmtpReply Reply)[] _kept = [];

    public SmtpReply For(SmtpSession session)
    {
        var offers = new string?[extensions.Count];
        var isOneOfFew = true;
        for (var i = 0; i < offers.Length; i++)
        {
            offers[i] = extensions[i].Offer(session);
            isOneOfFew &= offers[i] is null || extensions[i].HasFewLines;
        }

        return isOneOfFew ? Kept(offers) : Make(offers);
    }

    private SmtpReply Kept(string?[] offers)
    {
        foreach (var (known, reply) in _kept)
        {
            if (known.AsSpan().SequenceEqual(offers))
                return reply;
        }

        var made = Make(offers);
        var kept = _kept;
        if (kept.Length < MaxKept)
            _kept = [.. kept, (offers, made)];
        return made;
    }

    private SmtpReply Make(string?[] offers) => SmtpReplies.Hello(host, [.. offers.OfType<string>()]);
}
