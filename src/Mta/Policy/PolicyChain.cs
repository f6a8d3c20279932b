namespace MailSuite.Mta.Policy;

/// <summary>Asks the policies of a stage in their order; the first that objects decides, and a quarantine lets later ones still object.</summary>
/// <param name="policies">In the order in which they are asked.</param>
internal sealed class PolicyChain(IEnumerable<IPolicy> policies)
{
    private readonly PolicyStage<IConnectPolicy, ClientFacts> _connect = new("connect", policies, static (policy, facts, token) => policy.AtConnectAsync(facts, token));
    private readonly PolicyStage<IHelloPolicy, ClientFacts> _hello = new("EHLO", policies, static (policy, facts, token) => policy.AtHelloAsync(facts, token));
    private readonly PolicyStage<IMailPolicy, MailFacts> _mail = new("MAIL", policies, static (policy, facts, token) => policy.AtMailAsync(facts, token));
    private readonly PolicyStage<IRecipientPolicy, RecipientFacts> _recipient = new("RCPT", policies, static (policy, facts, token) => policy.AtRecipientAsync(facts, token));
    private readonly PolicyStage<IMessagePolicy, ContentFacts> _message = new("message", policies, static (policy, facts, token) => policy.AtMessageAsync(facts, token));

    /// <param name="record">Of the session.</param>
    /// <returns>The objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AtConnectAsync(ClientFacts client, PolicyRecord record, CancellationToken cancellationToken) =>
        _connect.AskAsync(client, null, record, cancellationToken);

    /// <param name="record">Of the session.</param>
    /// <returns>The objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AtHelloAsync(ClientFacts client, PolicyRecord record, CancellationToken cancellationToken) =>
        _hello.AskAsync(client, null, record, cancellationToken);

    /// <param name="record">Of the transaction.</param>
    /// <returns>The objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AtMailAsync(MailFacts mail, PolicyRecord record, CancellationToken cancellationToken) =>
        _mail.AskAsync(mail, null, record, cancellationToken);

    /// <param name="record">Of the transaction.</param>
    /// <returns>The objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AtRecipientAsync(RecipientFacts recipient, PolicyRecord record, CancellationToken cancellationToken)
    {
        var asked = _recipient.AskAsync(recipient, recipient.Recipient, record, cancellationToken);
        return recipient.IsLocal ? asked : KeepHereAsync(asked, record);
    }

    /// <param name="record">Of the transaction.</param>
    /// <returns>The objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AtMessageAsync(ContentFacts message, PolicyRecord record, CancellationToken cancellationToken)
    {
        var asked = _message.AskAsync(message, null, record, cancellationToken);
        return message.Remote.Count == 0 ? asked : KeepHereAsync(asked, record);
    }

    /// <summary>Other hosts' Junk mailboxes are out of reach, and to send on what is doubtful harms our name: a quarantine is a refusal there.</summary>
    private static async ValueTask<PolicyVerdict.Objection?> KeepHereAsync(ValueTask<PolicyVerdict.Objection?> asked, PolicyRecord record) =>
        await asked ?? (record.Quarantine is { } quarantine ? new PolicyVerdict.Refuse(quarantine.Status, quarantine.Reason) : null);
}
