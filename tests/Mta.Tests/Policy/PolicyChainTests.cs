using MailSuite.Mta.Policy;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Tests.Policy;

public sealed class PolicyChainTests
{
    private static readonly PolicyVerdict.Refuse No = new(StatusCodes.NotAuthorized, "no");
    private static readonly PolicyVerdict.Defer Later = new(StatusCodes.SystemTemporary, "later");
    private static readonly PolicyVerdict.Quarantine Doubt = new(StatusCodes.NotAuthorized, "doubt");
    private static readonly ClientFacts Client = new(SmtpRole.Mx, null, "c.example", true, null, null, false);

    [Fact]
    public async Task The_first_objection_decides_and_later_policies_are_not_asked()
    {
        var last = new Says(PolicyVerdict.Accepted);
        var record = new PolicyRecord();
        Assert.Same(Later, await new PolicyChain([new Says(PolicyVerdict.Accepted), new Says(Later), new Says(No), last]).AtConnectAsync(Client, record, CancellationToken.None));
        Assert.Equal(0, last.Asked);
        Assert.Equal("test at connect: deferred: 4.3.0 later", Assert.Single(record.Decisions).ToString());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_quarantine_lets_later_policies_object_and_is_remembered(bool waits)
    {
        var record = new PolicyRecord();
        var mail = new MailFacts(Client, ReversePath.Null, 0);
        Assert.Null(await new PolicyChain([new Says(Doubt, waits), new Says(PolicyVerdict.Accepted, waits)]).AtMailAsync(mail, record, CancellationToken.None));
        Assert.Same(Doubt, record.Quarantine);
        Assert.Same(No, await new PolicyChain([new Says(Doubt, waits), new Says(No, waits)]).AtMailAsync(mail, record, CancellationToken.None));
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public async Task A_quarantine_is_a_refusal_where_the_mailbox_is_elsewhere(bool isLocal, bool refused)
    {
        var recipient = new RecipientFacts(Client, ReversePath.Null, EnvelopeAddress.Parse("a@b.example"), isLocal, 0);
        var session = new PolicyRecord();
        Assert.Null(await new PolicyChain([new Says(Doubt)]).AtConnectAsync(Client, session, CancellationToken.None));
        var objection = await new PolicyChain([]).AtRecipientAsync(recipient, new PolicyRecord(session), CancellationToken.None);
        Assert.Equal(refused ? new PolicyVerdict.Refuse(Doubt.Status, Doubt.Reason) : null, objection);
    }

    [Fact]
    public async Task Remembers_a_bounded_number_of_decisions_and_no_plain_acceptance()
    {
        var record = new PolicyRecord();
        var chain = new PolicyChain([new Says(PolicyVerdict.Accepted), new Says(new PolicyVerdict.Accept("known"))]);
        for (var i = 0; i < 1_000; i++)
            await chain.AtConnectAsync(Client, record, CancellationToken.None);
        Assert.Equal(100, record.Decisions.Count());
        Assert.All(record.Decisions, decision => Assert.Equal("test at connect: accepted: known", decision.ToString()));
    }

    [Fact]
    public void Plain_acceptance_is_there_at_once_and_allocates_nothing()
    {
        var chain = new PolicyChain([new Says(PolicyVerdict.Accepted), new Says(PolicyVerdict.Accepted)]);
        var record = new PolicyRecord();
        var recipient = new RecipientFacts(Client, ReversePath.Null, EnvelopeAddress.Parse("a@b.example"), IsLocal: true, 0);
        for (var i = 0; i < 100; i++)
            AssertIsThere(chain.AtRecipientAsync(recipient, record, CancellationToken.None));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            AssertIsThere(chain.AtRecipientAsync(recipient, record, CancellationToken.None));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertIsThere(ValueTask<PolicyVerdict.Objection?> answer) => Assert.True(answer.IsCompletedSuccessfully);

    private sealed class Says(PolicyVerdict verdict, bool waits = false) : IConnectPolicy, IMailPolicy, IRecipientPolicy
    {
        public int Asked { get; private set; }

        public string Name => "test";

        public ValueTask<PolicyVerdict> AtConnectAsync(ClientFacts client, CancellationToken cancellationToken) => AnswerAsync();

        public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) => AnswerAsync();

        public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken) => AnswerAsync();

        private ValueTask<PolicyVerdict> AnswerAsync()
        {
            Asked++;
            return waits ? WaitAsync() : new(verdict);
        }

        private async ValueTask<PolicyVerdict> WaitAsync()
        {
            await Task.Yield();
            return verdict;
        }
    }
}
