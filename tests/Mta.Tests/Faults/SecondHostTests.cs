using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>A host that does not work is what the second MX is for (RFC 5321 §5.1); one that has refused has the last word.</summary>
public sealed class SecondHostTests
{
    private static readonly string[] Trouble = ["hangs up", "resets", "falls silent", "answers 421", "answers 451", "answers 554", "greets", "at once"];

    public static TheoryData<string> Names => ServerFaults.NamesOf(All);

    private static IEnumerable<Misbehaviour> All =>
        [.. Misbehaviours.AtGreeting.Concat(Misbehaviours.AtAStage).Concat(Misbehaviours.InTheMessage).Where(one => Trouble.Any(word => one.Name.Contains(word, StringComparison.Ordinal)))];

    [Theory, MemberData(nameof(Names))]
    public async Task Has_whom_the_first_did_not_answer(string name)
    {
        await using var scene = await MisbehaviourScene.StartAsync(ServerFaults.Named(All, name), withSecond: true);

        await scene.SendAsync();

        // Who greets or answers EHLO with 5xx refuses us, not a recipient.
        var own = name.StartsWith("greets", StringComparison.Ordinal) || name.StartsWith("EHLO", StringComparison.Ordinal);
        var expected = ServerFaults.OutcomeOf(name).Split(", ")
            .Select(outcome => outcome.StartsWith("failed", StringComparison.Ordinal) && !own ? outcome : MisbehaviourScene.Delivered);
        MisbehaviourScene.AssertStates(string.Join(", ", expected), scene.States());
        var refused = scene.States().Count(state => state.Contains("failed", StringComparison.Ordinal));
        var served = ServerFaults.OutcomeOf(name) == MisbehaviourScene.Delivered || refused == 3;
        Assert.Equal(served ? 0 : 1, scene.Second!.Messages.Count);
        await scene.ConnectionsReturnedAsync();
    }
}
