using System.Text;
using CsCheck;
using MailSuite.Mda.Search.Sorting;
using MailSuite.Mda.Search.Threading;

namespace MailSuite.Mda.Tests.Search.Threading;

/// <summary>Messages are written as <c>number id &lt; references : subject</c>, one a line, by date.</summary>
public sealed class ReferencesThreadsTests
{
    [Theory]
    [InlineData("1 a : x|2 b : y", "(1)(2)")]
    [InlineData("1 a : x|2 b < a : RE: x|3 c < a b : RE: x", "(1 2 3)")]
    [InlineData("1 a : x|2 b < a : RE: x|3 c < a : RE: x", "(1 (2)(3))")]
    // A reply came before what it answers.
    [InlineData("1 b < a : RE: x|2 a : x", "(2 1)")]
    // What both answer is not here: of a dummy at the root the children stay together.
    [InlineData("1 b < a : RE: x|2 c < a : RE: x", "((1)(2))")]
    // A dummy with one child is that child.
    [InlineData("1 b < a : RE: x", "(1)")]
    // A dummy below the root hands its children up.
    [InlineData("1 a : x|2 c < a b : RE: x|3 d < a b : RE: x", "(1 (2)(3))")]
    // No references: the subject joins them (step 5).
    [InlineData("1 a : x|2 b : RE: x", "(1 2)")]
    [InlineData("1 a : RE: x|2 b : x", "(2 1)")]
    [InlineData("1 a : x|2 b : x", "((1)(2))")]
    [InlineData("1 a : x|2 b : x|3 c : x", "((1)(2)(3))")]
    [InlineData("1 a : RE: x|2 b : RE: x", "((1)(2))")]
    [InlineData("1 a : |2 b : ", "(1)(2)")]
    [InlineData("1 b < a : RE: x|2 c < a : RE: x|3 d : x", "((1)(2)(3))")]
    // Two of the same id: the second gets one of its own.
    [InlineData("1 a : x|2 a : y|3 b < a : RE: z", "(1 3)(2)")]
    // A circle is not closed.
    [InlineData("1 a < b : x|2 b < a : x", "(2 1)")]
    [InlineData("1 a < a : x", "(1)")]
    // A truncated chain is corrected by the message's own references.
    [InlineData("1 a : x|2 d < a c : RE: x|3 b < a : RE: x|4 c < a b : RE: x", "(1 3 4 2)")]
    public void Follow_the_algorithm_of_the_RFC(string messages, string threads) => Assert.Equal(threads, Text(ReferencesThreads.Of(Read(messages))));

    [Fact]
    public void Have_each_message_once_and_siblings_by_date() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 8], Gen.Int[0, 8].Array[0, 4], Gen.OneOf("X", "Y", "")).Array[0, 30].Sample(drawn =>
        {
            var messages = drawn.Select((one, i) => new ThreadMessage((uint)(i + 1), one.Item1, (ulong)one.Item2, [.. one.Item3.Select(id => (ulong)id + 1)], one.Item4, one.Item1 % 2 == 0)).ToList();
            var dates = messages.ToDictionary(message => message.Number, message => (message.SentAt, message.Number));
            var threads = ReferencesThreads.Of(messages);
            var numbers = new List<uint>();
            Collect(threads, numbers);
            Assert.Equal(messages.Select(message => message.Number), numbers.Order());
            CheckOrder(threads, dates);
        });

    [Fact]
    public void Bear_a_chain_as_long_as_a_mailbox()
    {
        var messages = Enumerable.Range(1, 50_000).Select(i => new ThreadMessage((uint)i, i, (ulong)i, i == 1 ? [] : [(ulong)(i - 1)], "X", i > 1)).ToList();

        var node = Assert.Single(ReferencesThreads.Of(messages));

        for (var i = 1; i < messages.Count; i++)
            node = Assert.Single(node.Children);
        Assert.Equal(50_000u, node.Number);
    }

    [Theory]
    [InlineData("1 a : x|2 b : y|3 c : RE: x|4 d : x", "(1 (3)(4))(2)")]
    [InlineData("1 a : x|2 b : RE: x", "(1 2)")]
    [InlineData("", "")]
    public void Of_ordered_subjects_are_one_deep(string messages, string threads) => Assert.Equal(threads, Text(OrderedSubjectThreads.Of(Read(messages))));

    private static List<ThreadMessage> Read(string text)
    {
        var messages = new List<ThreadMessage>();
        foreach (var line in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var words = line[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var subject = BaseSubject.Of(line[(colon + 1)..].Trim().ToUpperInvariant());
            messages.Add(new ThreadMessage(
                uint.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), messages.Count, words[1][0], [.. words.Skip(3).Select(id => (ulong)id[0])], subject.Text, subject.IsReply));
        }

        return messages;
    }

    private static string Text(IReadOnlyList<ThreadNode> threads) => Encoding.ASCII.GetString(ThreadText.Of(threads));

    private static void Collect(IEnumerable<ThreadNode> nodes, List<uint> numbers)
    {
        foreach (var node in nodes)
        {
            if (!node.IsDummy)
                numbers.Add(node.Number);
            Collect(node.Children, numbers);
        }
    }

    private static void CheckOrder(IReadOnlyList<ThreadNode> siblings, Dictionary<uint, (long, uint)> dates)
    {
        var keys = siblings.Select(node => dates[node.IsDummy ? node.Children[0].Number : node.Number]).ToList();
        Assert.Equal(keys.Order(), keys);
        foreach (var node in siblings)
            CheckOrder(node.Children, dates);
    }
}
