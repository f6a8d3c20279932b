using System.Buffers;
using System.Buffers.Text;

namespace MailSuite.Mda.Search.Threading;

/// <summary>Threads as THREAD answers them (RFC 5256 §5, thread-data). Without recursion: threads may be as deep as a mailbox has messages.</summary>
internal static class ThreadText
{
    internal static byte[] Of(IReadOnlyList<ThreadNode> threads)
    {
        var text = new ArrayBufferWriter<byte>(256);
        // A node, or null for the end of a thread.
        var waiting = new Stack<ThreadNode?>();
        Push(threads);
        while (waiting.TryPop(out var node))
        {
            if (node is null)
            {
                text.Write(")"u8);
                continue;
            }

            text.Write("("u8);
            waiting.Push(null);
            var isFirst = true;
            // As long as there is one child only it follows its parent in the same list.
            while (true)
            {
                if (!node.IsDummy)
                {
                    if (!isFirst)
                        text.Write(" "u8);
                    Utf8Formatter.TryFormat(node.Number, text.GetSpan(10), out var digits);
                    text.Advance(digits);
                    isFirst = false;
                }

                if (node.Children.Count != 1)
                    break;
                node = node.Children[0];
            }

            if (node.Children.Count > 0 && !isFirst)
                text.Write(" "u8);
            Push(node.Children);
        }

        return text.WrittenSpan.ToArray();

        void Push(IReadOnlyList<ThreadNode> nodes)
        {
            for (var i = nodes.Count - 1; i >= 0; i--)
                waiting.Push(nodes[i]);
        }
    }
}
