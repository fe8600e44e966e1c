using System.Reflection;

namespace Sora2.Sdk.Tests.Reading;

public sealed class ModelNamesTests
{
    [Fact]
    public void Names_are_distinct_and_contain_every_built_in_model()
    {
        var names = typeof(ModelNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Matches(@"^[a-z0-9.-]+$", name));
        Assert.Superset(
            Sora2Platform.BuiltIn.SelectMany(platform => platform.Models).Select(model => model.Name).ToHashSet(StringComparer.Ordinal),
            names.ToHashSet(StringComparer.Ordinal));
    }
}
