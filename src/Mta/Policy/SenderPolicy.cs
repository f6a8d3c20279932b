using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>Who has authenticated writes as themselves: in MAIL FROM, in From and in Sender (RFC 6409 §6.1).</summary>
/// <remarks>
/// The null reverse-path is anybody's: mail programs send disposition notifications with it (RFC 8098 §3). Of From every address must be
/// the account's; mail that is sent anew (Resent-From) with somebody else's From is refused as well, since its reader sees only From.
/// </remarks>
internal sealed class SenderPolicy(ISenders senders, MtaOptions options) : IMailPolicy, IMessagePolicy
{
    private const int NotAllowed = 553;

    public string Name => "senders";

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) =>
        mail.Client.Account is { } account ? JudgeAsync(account, mail.ReversePath, cancellationToken) : new(PolicyVerdict.Accepted);

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken) =>
        message.Client.Account is { } account ? JudgeHeaderAsync(account, message, cancellationToken) : new(PolicyVerdict.Accepted);

    /// <summary>Whether the account may send with this reverse-path.</summary>
    public ValueTask<PolicyVerdict> JudgeAsync(Account account, ReversePath reversePath, CancellationToken cancellationToken) =>
        options.SubmissionOwnership && reversePath.Address is { } sender ? JudgeAsync(account, "MAIL FROM", sender, cancellationToken) : new(PolicyVerdict.Accepted);

    private async ValueTask<PolicyVerdict> JudgeHeaderAsync(Account account, ContentFacts message, CancellationToken cancellationToken)
    {
        // Whatever the option: who takes Bcc out must see the whole header.
        if (await HeaderPart.ReadAsync(message.Content, cancellationToken) is not { } header)
            return new PolicyVerdict.Refuse(StatusCodes.MessageTooLarge, $"The header is longer than {HeaderPart.MaxOctets} octets");
        if (!options.SubmissionOwnership)
            return PolicyVerdict.Accepted;

        foreach (var author in SubmittedHeader.AuthorsOf(header.Span).Distinct())
        {
            var verdict = author.Address is { } address
                ? await JudgeAsync(account, author.Field, address, cancellationToken)
                : Refuse($"{author.Field} has no address that can be read", [account.Address]);
            if (verdict is PolicyVerdict.Objection)
                return verdict;
        }

        return PolicyVerdict.Accepted;
    }

    private async ValueTask<PolicyVerdict> JudgeAsync(Account account, string field, EnvelopeAddress sender, CancellationToken cancellationToken) =>
        await senders.JudgeAsync(account, sender, cancellationToken) switch
        {
            SenderVerdict.Own => PolicyVerdict.Accepted,
            SenderVerdict.NotOwn { Allowed: var allowed } => Refuse($"{field} is not an address of yours", allowed),
            SenderVerdict.Unavailable unavailable => new PolicyVerdict.Defer(StatusCodes.SystemTemporary, unavailable.Reason),
            var verdict => throw new InvalidOperationException($"There is no verdict {verdict}."),
        };

    private static PolicyVerdict.Refuse Refuse(string problem, IReadOnlyList<EnvelopeAddress> allowed)
    {
        const int MaxCharacters = 350;
        // A reply carries other characters than ASCII only under SMTPUTF8 (RFC 6531 §3.7.4.2).
        var names = string.Join(", ", allowed.Where(address => address.IsAscii));
        var sentence = names.Length is 0 or > MaxCharacters ? problem : $"{problem}; you may write as {names}";
        return new PolicyVerdict.Refuse(StatusCodes.NotAuthorized, sentence) { ReplyCode = NotAllowed };
    }
}
