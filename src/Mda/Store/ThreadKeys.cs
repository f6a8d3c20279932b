using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Mda.Search;
using MailSuite.Mda.Search.Sorting;

namespace MailSuite.Mda.Store;

/// <summary>By what a message is found to belong to a conversation: hashes of message-ids, and of its subject.</summary>
/// <param name="Own">Its Message-ID.</param>
/// <param name="Ancestors">What it refers to, the nearest first.</param>
/// <param name="Subject">Its base subject (RFC 5256 §2.1).</param>
/// <param name="IsReply">Its subject says that it answers or forwards, so that the subject alone may link it.</param>
internal sealed record ThreadKeys(long? Own, IReadOnlyList<long> Ancestors, long? Subject, bool IsReply)
{
    /// <summary>Message-ids that are looked up at most: of a long thread the nearest are enough to find it.</summary>
    internal const int MaxAncestors = 10;

    /// <summary>Rows of <c>thread_link</c> that are kept for an account: those of about 100,000 conversations, which take some 5 MB.</summary>
    internal const int MaxLinks = 200_000;

    internal static readonly ThreadKeys None = new(null, [], null, IsReply: false);

    internal static ThreadKeys Of(HeaderFacts facts)
    {
        var ancestors = new List<long>();
        foreach (var id in Ids(facts.References).Reverse().Concat(Ids(facts.InReplyTo)))
        {
            var key = Hash('i', id);
            if (ancestors.Count < MaxAncestors && !ancestors.Contains(key))
                ancestors.Add(key);
        }

        var subject = BaseSubject.Of(string.Join(' ', facts.Subject.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return new ThreadKeys(
            Ids(facts.MessageId).Select(id => (long?)Hash('i', id)).FirstOrDefault(), ancestors, subject.Text.Length == 0 ? null : Hash('s', subject.Text), subject.IsReply);
    }

    private static IEnumerable<string> Ids(string? list) => list?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>64 bits of SHA-256: who sends mail cannot make it meet a conversation that it does not name.</summary>
    private static long Hash(char kind, string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(kind + text), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
