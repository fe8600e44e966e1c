using System.Runtime.InteropServices;

namespace Sora2.Sdk.Simulator;

/// <summary>Bytes without end in which every word of eight follows from its place alone, so that a file with bytes lost, repeated, swapped or moved has another hash.</summary>
internal static class Filler
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>Writes the bytes that stand at <paramref name="position"/> and after it.</summary>
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

    // SplitMix64: neighbouring words have nothing in common, and it takes less time than sending them.
    private static ulong Mix(ulong seed, ulong word)
    {
        var mixed = (word + (seed << 56)) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
