using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>What goes wrong while the message is sent, and when it is at the other side.</summary>
public sealed class MessageFaultTests
{
    public static TheoryData<string> InTheMessage => ServerFaults.NamesOf(Misbehaviours.InTheMessage);

    public static TheoryData<string> AfterTheMessage => ServerFaults.NamesOf(Misbehaviours.AfterTheMessage);

    public static TheoryData<string> OutOfStep => ServerFaults.NamesOf(Misbehaviours.OutOfStep);

    [Theory, MemberData(nameof(InTheMessage))]
    public Task Waits_when_the_message_did_not_get_there(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.InTheMessage, name), ServerFaults.OutcomeOf(name), content: Large(name));

    [Theory, MemberData(nameof(AfterTheMessage))]
    public Task Believes_a_250_whatever_comes_behind_it(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.AfterTheMessage, name), ServerFaults.OutcomeOf(name));

    [Theory, MemberData(nameof(OutOfStep))]
    public Task Takes_no_reply_for_that_of_another_command(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.OutOfStep, name), ServerFaults.OutcomeOf(name));

    /// <summary>Octets that do not fit into the buffers between two systems, where a server is to stop reading.</summary>
    private static string? Large(string name) => name.StartsWith("takes ", StringComparison.Ordinal)
        ? "Subject: large\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567890123456789\r\n", 200_000))
        : null;
}
