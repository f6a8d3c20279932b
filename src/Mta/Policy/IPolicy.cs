namespace MailSuite.Mta.Policy;

/// <summary>One small decision about a client or its mail. It implements the interface of each stage at which it has something to say.</summary>
/// <remarks>
/// <para>One object serves all sessions. It sees the facts of its stage and nothing else, and answers at once where it need not wait.</para>
/// <para>Trouble of its own (a DNS server that is silent, a file that cannot be read) is no objection to the mail: it accepts, or defers
/// where that is the safer error. An exception is a bug, and the client hears 451.</para>
/// </remarks>
internal interface IPolicy
{
    /// <summary>As people see it in a journey and in a log: <c>greylisting</c>.</summary>
    string Name { get; }
}

/// <summary>Before the greeting.</summary>
internal interface IConnectPolicy : IPolicy
{
    ValueTask<PolicyVerdict> AtConnectAsync(ClientFacts client, CancellationToken cancellationToken);
}

/// <summary>At EHLO, HELO and LHLO, whose argument is right by its grammar.</summary>
internal interface IHelloPolicy : IPolicy
{
    /// <param name="client">Named as it wants to be called now.</param>
    ValueTask<PolicyVerdict> AtHelloAsync(ClientFacts client, CancellationToken cancellationToken);
}

internal interface IMailPolicy : IPolicy
{
    ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken);
}

/// <summary>At each RCPT that <see cref="RecipientPolicy"/> would take.</summary>
internal interface IRecipientPolicy : IPolicy
{
    ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken);
}

/// <summary>After the last octet of a message and before anybody takes responsibility for it.</summary>
internal interface IMessagePolicy : IPolicy
{
    ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken);
}
