using System.Runtime.InteropServices;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>An endless sequence of bytes in which each word of eight bytes depends only on the seed and its position.</summary>
/// <remarks>A file with lost, repeated, swapped or moved bytes therefore has another hash.</remarks>
internal static class DeterministicBytes
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>Writes the bytes that begin at <paramref name="position"/>.</summary>
    public static void Write(ulong seed, long position, Span<byte> target)
    {
        var word = (ulong)position / WordBytes;
        if (position % WordBytes is var passed and not 0)
        {
            var rest = Math.Min(WordBytes - (int)passed, target.Length);
            WritePart(seed, word++, (int)passed, target[..rest]);
            target = target[rest..];
        }

        var words = MemoryMarshal.Cast<byte, ulong>(target);
        for (var at = 0; at < words.Length; at++)
        {
            words[at] = Mix(seed, word++);
        }

        WritePart(seed, word, from: 0, target[(words.Length * WordBytes)..]);
    }

    private static void WritePart(ulong seed, ulong word, int from, Span<byte> target)
    {
        var mixed = Mix(seed, word);
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in mixed)).Slice(from, target.Length).CopyTo(target);
    }

    // SplitMix64: adjacent words are unrelated, and generating them takes less time than sending them.
    private static ulong Mix(ulong seed, ulong word)
    {
        var mixed = (word + (seed << 56)) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
