"""Words in names, as data: what model makers number, what everybody calls a tool, what is no name alone."""

# Their decimals are generations, not releases: 'Llama 3.1' is another model than 'Llama 3'.
MODEL_FAMILIES = frozenset(
    "aya bge claude codestral cogvideo cogvideox cogview command dall dbrx deepseek devstral doubao ernie falcon flux "
    "gemini gemma gen glm gpt granite grok haiku hailuo hunyuan ideogram imagen internlm internvl jamba kimi kling "
    "lfm llama llava ltx lyria magistral minicpm minimax ministral mistral mixtral molmo nemotron nova olmo opus phi "
    "pixtral qwen qwq ray recraft rwkv sana seed seedance seedream smollm solar sonnet sora stable stablelm starcoder "
    "step suno tulu veo vicuna voxtral wan whisper wizardlm yi yolo zephyr".split()
)
# What is left of 'Open AI' or 'Meta AI' would be no name.
TOO_PLAIN = frozenset(
    "all any auto best chat deep easy fast free gen get hello meta my new one open our pro smart super the this try "
    "ultra use web with you your code data agent agents model models".split()
)
# Plain words, given names, trades, myths, beasts and stars that many unrelated tools are called by.
COMMON_NAMES = frozenset(
    "accountant ace acorn ada advisor agent agora alchemy alex alice alpha amber amelia amp analyst anchor angel "
    "anvil apex apollo apprentice aqua arc arcade archer architect arena argo argus aria ark arrow artemis artist "
    "ascend ash assistant aster astra athena atlas atom aura aurora autopilot ava avatar axiom axis azure bamboo "
    "banana bard baron base basil beacon beam bear beaver bee bento beta bigbrain bird bishop blaze blink block "
    "bloom blueprint bolt boost bot brain brainstorm brave breeze bridge browser bubble buddy buffer builder butler "
    "butter cactus calendar camel canary canvas captain carbon cartoon cascade castle catalyst cedar centaur "
    "chameleon charlie charm chat chatbot chrome circle citadel clara clarity clay client clip cloud clover coach "
    "cobalt cobra code coder cody comet comic companion compass composer concept concierge console cookbook "
    "copernicus copilot coral core cortex cosmos course craft crane crawler crystal cube curie cursor curve dagger "
    "daisy darwin dash dashboard dawn delta demo demon designer desk developer devil diamond director doc doctor "
    "dolphin dove draft dragon drift driver drop druid duck dune dwarf eagle echo eclipse edge edison editor "
    "einstein eleven elf elixir ella email ember emerald emma emperor engine engineer envoy epic epoch ether eva "
    "eval everest evolve explorer face fairy falcon feather felix fern finn firefly fission flame flash fleet flex "
    "flint float flow flower fluent flux focus font forest forge form fort fossil fox frame friday fusion galaxy "
    "galileo gamma garden gate gateway gecko gem gemini genesis genie genius ghost ghostwriter giant glass glide "
    "globe glow goblin god goddess grain gravity griffin grove guardian guidance guide guru halo hammer handbook "
    "harbor harmony harvest harvey haven hawk hazel helix helm helper hera hermes hero hive honey horizon hub hugo "
    "hunter hydra hyper hyperspace iceberg icon idea igloo image indigo infinity ink insight intercept intern "
    "interview iris iron island ivy jade jarvis jasper jet jolt journalist journey jules jungle juno jupiter kepler "
    "kernel kestrel keystone king kite kiwi knight koala kraken lab ladder lake lamp lantern laser launch lava "
    "lawyer leaf lecture ledger lemon lens leo lesson lever light lighthouse lightning lily linear link lion logo "
    "loom loop lotus lovelace lucid lucy luna lunar lynx lyra mage magic magma magnet manager mango mantis maple "
    "marble marketer mars mask matrix max maya maze meadow meeting memo memory mentor mercury mercy merlin mesh "
    "meteor metric mia midas mimic mind mint mirage mirror mirrorball mist moment monarch monday monk moon mosaic "
    "moss motion mountain muse music musician mystic navigator nebula nectar neo neon nest neuron neutron newton "
    "nexus nimbus nina ninja node nomad nora north note notebook notepad nova nucleus nurse oak oasis ocean octopus "
    "odyssey ogre olive oliver olivia olympus omega onyx opal operator optimus oracle orange orbit orca orchid "
    "origami origin orion otter otto outline owl oxygen page painter palette palm panda pandora panther paper "
    "parrot pascal paste patch path pearl pegasus pelican penguin pepper phantom phoenix photo pilot pine pioneer "
    "pipeline pivot pixel plasma plato playbook playground plot pluto podcast polaris portal portrait prince "
    "princess prism prisma producer prometheus prompt promptly prophet proton proxy pulsar pulse puma puzzle "
    "pyramid python quantum quartz queen quest quill radar rainbow ranger raven ray reach reactor reader rebel "
    "recall recruiter reflect relay render replay replica replicate report reporter researcher resume rewind ridge "
    "ripple river robin rocket rook root rose rosie router row ruby runway saga sage sail salesman salt sam "
    "samantha samurai sandbox sapphire saturn scale scholar scientist scout scrapbook scraper scribe search "
    "secretary seer sentinel sequoia server seven shadow shaman shark shell shield shift shine sidekick sierra "
    "sigma signal silk silver simplified simplify siren sketch sketchbook sky skynet snap snow sol solar solo sonic "
    "sophia sorcerer spark sparrow spectrum speech sphere sphinx spider spiral spirit spring sprint sprout stack "
    "stage star stargate stella stone storm story stream student studio summary summit sun superhuman superpower "
    "surf survey swan swarm swift switch sync table tango task teacher tempest tempo terminal terra tesla theo "
    "therapist thor thunder tide tiger titan toby toolbox toolkit topaz torch tower trace trail trainer translate "
    "translator trend tribe trident trinity triton troll tulip turbo turing turtle tutor twin ultra unicorn union "
    "unity valet vault vector vega velvet venus vertex vesta vibe video viking viper vision vista vivid voice volt "
    "vortex voyager vulcan walnut warlock warrior wasp watson wave whale whiteboard willow wind window wing wingman "
    "wisdom witch wizard wolf wonder worker workflow workspace writer zebra zen zenith zephyr zero zeus zinc zion "
    "zodiac zoe zoom".split()
)
