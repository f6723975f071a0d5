import { ActionIcon, Button, NativeSelect, SegmentedControl, Tooltip } from '@mantine/core';
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
} from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { shortDayText, shortTimeText } from '../i18n/format.ts';
import { replay } from '../page.ts';
import { useLanguage, useLayout, useStore } from '../panels/use.ts';
import { lengths, speeds } from './replay.ts';
import styles from './replay_bar.module.css';
import { thenText } from './replay_time.ts';

const minuteMs = 60_000;

/** The player, its slider, how fast and how far back. */
export function ReplayControls() {
  const { t } = useTranslation();
  return (
    <section className={styles.bar} aria-label={t('replay.title')}>
      <div className={styles.row}>
        <Player />
        <Slider />
        <div className={styles.choices}>
          <Speed />
          <Length />
        </div>
        <Button className={styles.back ?? ''} onClick={() => replay.close()}>
          {t('replay.live')}
        </Button>
      </div>
    </section>
  );
}

function Player() {
  const { t } = useTranslation();
  const playing = useStore(replay.state, (value) => value.playing);
  const step = (minutes: number) => () => replay.seek(replay.state.get().at + minutes * minuteMs);
  const buttons = [
    { label: t('replay.step_back'), Icon: IconPlayerSkipBackFilled, act: step(-1) },
    {
      label: t(playing ? 'replay.pause' : 'replay.play'),
      Icon: playing ? IconPlayerPauseFilled : IconPlayerPlayFilled,
      act: () => replay.play(!playing),
    },
    { label: t('replay.step'), Icon: IconPlayerSkipForwardFilled, act: step(1) },
  ];
  return (
    <div className={styles.player}>
      {buttons.map(({ label, Icon, act }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon aria-label={label} onClick={act} size="2.25rem">
            <Icon size="1.125rem" aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}

function Slider() {
  const { t } = useTranslation();
  const language = useLanguage();
  const ref = useRef<HTMLInputElement>(null);
  const { at, from, to } = useStore(replay.state, (value) => value);
  // Who opens it wants to move it: the keys work at once.
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  const move = (event: KeyboardEvent) => {
    const minutes = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (minutes === undefined) return;
    event.preventDefault();
    replay.seek(at + minutes * minuteMs);
  };
  const edge = (time: number) => `${shortDayText(time, language)} ${shortTimeText(time, language)}`;
  return (
    <div className={styles.slider}>
      <output className={styles.time}>{thenText(at, language)}</output>
      <input
        ref={ref}
        type="range"
        min={from}
        max={to}
        step={1000}
        value={at}
        aria-label={t('replay.moment')}
        aria-valuetext={thenText(at, language)}
        onChange={({ currentTarget }) => replay.seek(Number(currentTarget.value))}
        onKeyDown={move}
      />
      <div className={styles.edges} aria-hidden="true">
        <span>{edge(from)}</span>
        <span>{edge(to)}</span>
      </div>
      <Progress />
    </div>
  );
}

/** What is still being read, or could not be. */
function Progress() {
  const { t } = useTranslation();
  const loading = useStore(replay.state, (value) => value.loading);
  const layers = useStore(replay.state, (value) => value.layers);
  const failed = useStore(replay.state, (value) => value.failed);
  if (failed !== null)
    return (
      <div className={styles.failed} role="alert">
        <span>
          {t('replay.failed')} {t('catalogue.reason', { reason: failed })}
        </span>
        <Button size="compact-xs" onClick={() => replay.retry()}>
          {t('page.retry')}
        </Button>
      </div>
    );
  if (loading.length === 0) return null;
  const [done, all] = [layers.length, layers.length + loading.length];
  return (
    <div className={styles.progress} role="status">
      <progress max={all} value={done} aria-label={t('replay.loading')} />
      {t('replay.loading')} {done}/{all}
    </div>
  );
}

function Speed() {
  const { t } = useTranslation();
  const speed = useStore(replay.state, (value) => value.speed);
  return (
    <Choice
      label={t('replay.speed')}
      value={speed}
      values={speeds}
      text={(each) => `${each}×`}
      choose={(each) => replay.setSpeed(each)}
    />
  );
}

function Length() {
  const { t } = useTranslation();
  const hours = useStore(replay.state, (value) => value.hours);
  return (
    <Choice
      label={t('replay.length')}
      value={hours}
      values={lengths}
      text={(count) => t('replay.hours', { count })}
      choose={(each) => replay.setHours(each)}
    />
  );
}

interface ChoiceProps<T extends number> {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly text: (value: T) => string;
  readonly choose: (value: T) => void;
}

/** One of a few numbers: side by side, on a phone behind one another. */
function Choice<T extends number>({ label, value, values, text, choose }: ChoiceProps<T>) {
  const layout = useLayout();
  const data = values.map((each) => ({ value: String(each), label: text(each) }));
  const chosen = (key: string) => {
    const found = values.find((each) => String(each) === key);
    if (found !== undefined) choose(found);
  };
  return layout === 'phone' ? (
    <NativeSelect
      aria-label={label}
      value={String(value)}
      onChange={({ currentTarget }) => chosen(currentTarget.value)}
      data={data}
    />
  ) : (
    <SegmentedControl size="xs" aria-label={label} value={String(value)} onChange={chosen} data={data} />
  );
}
