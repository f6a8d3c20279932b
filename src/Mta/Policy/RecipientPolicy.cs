using System.Net;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>Whom we take mail for: our own mailboxes from everybody, other hosts' only from who may relay.</summary>
/// <param name="suppressions">Addresses to which nothing is sent; <see langword="null"/> for none.</param>
internal sealed class RecipientPolicy(IRecipientDirectory directory, SenderRewriting rewriting, BackupRecipients backup, Suppressions? suppressions, MtaOptions options)
{
    /// <summary>Whom a path means: <c>&lt;Postmaster&gt;</c> is a mailbox of ours (RFC 5321 §4.5.1).</summary>
    public EnvelopeAddress AddressOf(ForwardPath path) => path.IsPostmaster ? directory.Postmaster : path.Address;

    /// <summary>Whether a client may send to other hosts: who has authenticated, the machine's own programs, and clients of the networks that we relay for.</summary>
    public bool MayRelay(ClientFacts client) =>
        client.Account is not null || client.Role is SmtpRole.Local || (client is { Role: SmtpRole.Mx, Address: { } address } && IsRelayedFor(address));

    /// <summary>Judges a recipient that has other hosts to pass first. Anybody may send so to a domain that we relay for, and over no other host.</summary>
    public RecipientRuling JudgeRouted(EnvelopeRecipient recipient, bool mayRelay)
    {
        if (!options.RelayEnabled)
            return new RecipientRuling.Refuse(recipient.Address, StatusCodes.NotAuthorized, "Relaying is off: nothing leaves this machine");
        return mayRelay || (options.TurnDomains.ContainsKey(recipient.Address.Domain) && recipient.Route.All(options.TurnDomains.ContainsKey))
            ? new RecipientRuling.Relay(recipient.Address)
            : new RecipientRuling.Refuse(recipient.Address, StatusCodes.NotAuthorized, "Relaying denied: authenticate to send to other hosts by a source route");
    }

    public async ValueTask<RecipientRuling> JudgeAsync(EnvelopeAddress recipient, bool mayRelay, CancellationToken cancellationToken)
    {
        if (rewriting.IsRewritten(recipient))
            return JudgeRewritten(recipient);

        var verdict = await directory.JudgeAsync(recipient, cancellationToken);
        return verdict switch
        {
            RecipientVerdict.Local => new RecipientRuling.Deliver(recipient),
            RecipientVerdict.NoSuchMailbox => new RecipientRuling.Refuse(recipient, StatusCodes.NoSuchMailbox, "No such mailbox here"),
            RecipientVerdict.Unavailable unavailable => new RecipientRuling.Refuse(recipient, unavailable.Status, unavailable.Reason),
            RecipientVerdict.Moved moved => new RecipientRuling.Refuse(recipient, StatusCodes.MailboxMoved, $"User not local; please try <{moved.NewAddress}>"),
            RecipientVerdict.NotLocal or RecipientVerdict.Forwards when !options.RelayEnabled =>
                new RecipientRuling.Refuse(recipient, StatusCodes.NotAuthorized, "Relaying is off: nothing leaves this machine"),
            // Its host has said that there is nobody: to take the mail would be to return it to a stranger.
            RecipientVerdict.NotLocal when MayBeRelayed(recipient, mayRelay) && suppressions?.Find(recipient) is { } dead => new RecipientRuling.Refuse(recipient, dead.Status, dead.Reason),
            // We are a second MX of its domain: anybody may send to those whom the first one has (RFC 5321 §3.6.2).
            RecipientVerdict.NotLocal when backup.Has(recipient.Domain) => await backup.JudgeAsync(recipient, cancellationToken),
            // We are its host's relay: anybody may send to it (RFC 2645 §4).
            RecipientVerdict.NotLocal when options.TurnDomains.ContainsKey(recipient.Domain) => new RecipientRuling.Relay(recipient),
            RecipientVerdict.NotLocal when !mayRelay =>
                new RecipientRuling.Refuse(recipient, StatusCodes.NotAuthorized, "Relaying denied: authenticate to send to other hosts"),
            RecipientVerdict.Forwards forwards => new RecipientRuling.Forward(recipient, forwards.Elsewhere, forwards.AlsoHere),
            RecipientVerdict.NotLocal => new RecipientRuling.Relay(recipient),
            _ => throw new InvalidOperationException($"There is no verdict {verdict}."),
        };
    }

    private bool MayBeRelayed(EnvelopeAddress recipient, bool mayRelay) => mayRelay || backup.Has(recipient.Domain) || options.TurnDomains.ContainsKey(recipient.Domain);

    /// <summary>An address that we have made leads back to the sender that it stands for, and to nobody else: its hash says that it is ours.</summary>
    private RecipientRuling JudgeRewritten(EnvelopeAddress recipient) => rewriting.Read(recipient) switch
    {
        SrsAnswer.Sender when !options.RelayEnabled => new RecipientRuling.Refuse(recipient, StatusCodes.NotAuthorized, "Relaying is off: nothing leaves this machine"),
        SrsAnswer.Sender(var sender) => new RecipientRuling.Forward(recipient, [sender], AlsoHere: false),
        SrsAnswer.Expired => new RecipientRuling.Refuse(recipient, StatusCodes.NoSuchMailbox, "This return address is no longer valid"),
        SrsAnswer.Malformed => new RecipientRuling.Refuse(recipient, StatusCodes.BadMailboxSyntax, "This is no return address of this host"),
        _ => new RecipientRuling.Refuse(recipient, StatusCodes.NotAuthorized, "This return address was not made here"),
    };

    private bool IsRelayedFor(IPAddress address)
    {
        foreach (var network in options.RelayNetworks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}
