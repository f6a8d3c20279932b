using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>Each thing that can be wrong about a reply, at each command that has one, pipelined and in turn.</summary>
public sealed class StageFaultTests
{
    public static TheoryData<string> Names => ServerFaults.NamesOf(Misbehaviours.AtAStage);

    [Theory, MemberData(nameof(Names))]
    public Task Leaves_each_recipient_in_the_state_that_the_reply_allows(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.AtAStage, name), ServerFaults.OutcomeOf(name));
}

/// <summary>The same of a host without PIPELINING.</summary>
public sealed class StageFaultInTurnTests
{
    public static TheoryData<string> Names => ServerFaults.NamesOf(Misbehaviours.AtAStage.Where(one => !one.Name.StartsWith("EHLO", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Names))]
    public Task Leaves_each_recipient_in_the_state_that_the_reply_allows(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.AtAStage, name), ServerFaults.OutcomeOf(name), pipelining: false);
}
