// Wiring only: the shell is Starlight, the order of the lessons is content/course.yaml, the islands are Preact.
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { loadCourse } from './src/layouts/course.ts';

const sidebar = [
  { label: 'The course', link: '/' },
  ...loadCourse()
    .modules.map((module) => ({
      label: module.title,
      items: module.lessons
        .filter((lesson) => lesson.href !== undefined)
        .map((lesson) => ({ slug: lesson.slug, label: `${String(lesson.number).padStart(2, '0')} ${lesson.title}` })),
    }))
    .filter((group) => group.items.length > 0),
  { label: 'Playground', slug: 'playground' },
];

export default defineConfig({
  output: 'static',
  trailingSlash: 'always',
  integrations: [
    starlight({
      title: 'Drydock',
      description: 'Take Kubernetes apart, and prove that you can put it back together.',
      sidebar,
      pagination: true,
      credits: false,
      customCss: [
        './src/styles/course.css',
        './src/styles/workspace.css',
        './src/styles/tasks.css',
        './src/styles/live.css',
      ],
      markdown: { processedDirs: ['./content'] },
      components: {
        PageTitle: './src/components/overrides/PageTitle.astro',
        SkipLink: './src/components/overrides/SkipLink.astro',
        TwoColumnContent: './src/components/overrides/TwoColumnContent.astro',
        SocialIcons: './src/components/overrides/HelpButton.astro',
      },
    }),
    preact(),
  ],
});
