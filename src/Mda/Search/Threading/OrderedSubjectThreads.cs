namespace MailSuite.Mda.Search.Threading;

/// <summary>THREAD=ORDEREDSUBJECT (RFC 5256 §3): messages of one base subject are one thread, the oldest on top and all others below it.</summary>
internal static class OrderedSubjectThreads
{
    internal static IReadOnlyList<ThreadNode> Of(IReadOnlyList<ThreadMessage> messages)
    {
        var threads = new List<ThreadNode>();
        var bySubject = new Dictionary<string, ThreadNode>(StringComparer.Ordinal);
        // By date alone and not by subject first: threads are ordered by the date of their first message, which is when each comes up here.
        foreach (var message in messages.OrderBy(message => message.SentAt).ThenBy(message => message.Number))
        {
            var node = new ThreadNode { Number = message.Number };
            if (bySubject.TryAdd(message.Subject, node))
                threads.Add(node);
            else
                bySubject[message.Subject].Children.Add(node);
        }

        return threads;
    }
}
