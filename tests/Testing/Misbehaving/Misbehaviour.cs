namespace MailSuite.Testing.Misbehaving;

/// <summary>One way in which a server can be wrong.</summary>
/// <param name="Name">As a test's report shows it.</param>
public sealed record Misbehaviour(string Name, Func<ServerTalk, Task> Script)
{
    /// <summary>Whether the server has the whole message when it does it.</summary>
    public bool HasTheMessage { get; init; }

    public override string ToString() => Name;
}
