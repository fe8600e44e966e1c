namespace Sora2.Sdk.Tests;

public sealed class TestClassNameTests
{
    /// <summary>A filter or a failure names one class. Files are named after their classes (MA0048).</summary>
    [Fact]
    public void Test_class_names_are_unique()
    {
        var names = Repository.SourcesOf("tests")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name!.Contains("Test", StringComparison.Ordinal))
            .ToList();

        Assert.Contains(nameof(TestClassNameTests), names);
        Assert.Empty(names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key));
    }
}
