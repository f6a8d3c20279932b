using MailSuite.Mua.Web;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Tests.Web;

public sealed class JourneyPictureTests
{
    [Fact]
    public void Mail_that_comes_in_goes_from_elsewhere_to_the_reader()
    {
        var picture = JourneyPicture.Of(
            [Event(MailRole.Mta, JourneyStep.Accepted, "client"), Event(MailRole.Mda, JourneyStep.Delivered), Event(MailRole.MessageStore, JourneyStep.Filed), Event(MailRole.MessageStore, JourneyStep.Fetched)]);

        Assert.Equal([null, MailRole.Mta, MailRole.Mda, MailRole.MessageStore, MailRole.Mua], picture.Lanes.Select(l => l.Role));
        Assert.All(picture.Marks, m => Assert.True(m.FromX < m.ToX));
    }

    [Fact]
    public void The_first_reading_is_an_arrow_from_the_store_to_the_reader()
    {
        var picture = JourneyPicture.Of([Event(MailRole.MessageStore, JourneyStep.Filed), Event(MailRole.MessageStore, JourneyStep.Fetched)]);

        Assert.Equal([(MailRole.MessageStore, false), (MailRole.Mua, true)], picture.Lanes.Select(l => (l.Role!.Value, l.Reads)));
        Assert.Equal((picture.Lanes[0].X, picture.Lanes[0].X, picture.Lanes[1].X), (picture.Marks[1].X, picture.Marks[1].FromX, picture.Marks[1].ToX));
    }

    [Fact]
    public void Mail_of_our_own_begins_at_the_writer_and_leaves_to_elsewhere()
    {
        var picture = JourneyPicture.Of(
            [Event(MailRole.Mua, JourneyStep.Composed), Event(MailRole.Msa, JourneyStep.Submitted, "bob"), Event(MailRole.Mta, JourneyStep.Deferred, "mx"), Event(MailRole.Mta, JourneyStep.Relayed, "mx")]);

        Assert.Equal([MailRole.Mua, MailRole.Msa, MailRole.Mta, null], picture.Lanes.Select(l => l.Role));
        Assert.Null(picture.Marks[0].FromX);
        Assert.Equal((picture.Lanes[0].X, picture.Lanes[1].X), (picture.Marks[1].FromX, picture.Marks[1].ToX));
        Assert.All(picture.Marks.Skip(2), m => Assert.Equal((picture.Lanes[2].X, picture.Lanes[3].X), (m.FromX, m.ToX)));
    }

    [Fact]
    public void Draws_so_many_steps_and_no_more() =>
        Assert.Equal(JourneyPicture.MaxDrawn, JourneyPicture.Of([.. Enumerable.Repeat(Event(MailRole.Mda, JourneyStep.Filed), 500)]).Marks.Count);

    [Fact]
    public void Draws_nothing_of_nothing() => Assert.Empty(JourneyPicture.Of([]).Lanes);

    private static JourneyEvent Event(MailRole role, JourneyStep step, string? peer = null) =>
        new(new JourneyId(Guid.Empty), DateTimeOffset.UnixEpoch, role, step, "h", "It happened.") { Peer = peer };
}
