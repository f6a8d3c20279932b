using MailSuite.Mta.Policy;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>ETRN: the mail that waits here for a domain is sent to its MX at once (RFC 1985). It goes nowhere else, whoever asks.</summary>
internal sealed class EtrnCommand(TurnPolicy policy, HeldDomains held, RelayQueue queue, SpoolStore spool, MtaOptions options, TimeProvider clock) : ISmtpCommand
{
    /// <summary>Messages that are counted; of more the reply does not say how many.</summary>
    private const int MaxCounted = 1000;

    public string Verb => EtrnExtension.Keyword;

    public string Syntax => "ETRN customer.example, or ETRN @customer.example with its subdomains";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!EtrnArgument.TryParse(arguments, out var argument))
            return SmtpReplies.BadEtrnSyntax;

        if (!policy.IsOfferedIn(session.Role))
            return SmtpReplies.NotOffered;

        // What the client may start is all that it learns of: a domain that is not here and one that is not its own sound the same.
        var allowed = policy.DomainsOf(session.Client.Address, session.Account);
        if (allowed.Count == 0 && TurnExtension.IsInReach(session, policy, options))
            return SmtpReplies.AuthenticationRequired;

        return argument switch
        {
            EtrnArgument.Queue queueName => SmtpReplies.NoSuchQueue($"#{queueName.Name}"),
            EtrnArgument.Node node => await StartAsync(node.Domain.Ascii, [.. allowed.Where(node.Domain.Equals)]),
            EtrnArgument.Subdomains above => await StartAsync($"@{above.Domain.Ascii}", [.. allowed.Where(above.Includes)]),
            _ => throw new InvalidOperationException($"There is no argument {argument}."),
        };
    }

    private async ValueTask<SmtpReply> StartAsync(string node, IReadOnlyList<Domain> domains)
    {
        if (domains.Count == 0)
            return SmtpReplies.NodeNotAllowed(node);

        List<string> destinations = [.. domains.Select(domain => domain.Ascii)];
        if (!held.TryAsk(destinations))
            return SmtpReplies.NodeAskedTooOften(node);

        var waiting = destinations.Sum(destination => spool.Reader.CountWaiting(destination, clock.GetUtcNow(), MaxCounted + 1));
        if (waiting == 0)
            return SmtpReplies.NothingWaits(node);

        held.Release(destinations);
        if (await queue.RunNowAsync(destinations, CancellationToken.None) == 0)
            return SmtpReplies.QueueRuns(node);
        return waiting > MaxCounted ? SmtpReplies.QueueStarted(node) : SmtpReplies.QueueStarted(node, waiting);
    }
}
